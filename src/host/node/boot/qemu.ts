// QEMU: finding it, starting it within bounds, and ending it.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { note } from '../../../findings/notes';
import { InputError, statIfThere } from '../files';
import type { BootMachine } from './machines';

export type Accelerator = 'kvm' | 'tcg';

/**
 * The program to run: the one given, or that of the architecture on PATH. Throws {@link InputError} with a line that says how
 * to get it.
 *
 * @param given a program, or the directory it is in; null for PATH
 */
export function findQemu({ program, package: packageName }: BootMachine, given: string | null): string {
  if (given !== null && statIfThere(given)?.isFile()) return path.resolve(given);
  const found = given === null ? findProgram([program]) : programIn(given, program);
  if (found !== null) return found;
  throw new InputError(
    given ?? program,
    note(given === null ? 'no-qemu' : 'no-qemu-there', { program, package: packageName }),
  );
}

/** The first of some programs that is on PATH; null for none. A relative directory there would depend on the current one. */
export function findProgram(names: readonly string[]): string | null {
  const directories = (process.env['PATH'] ?? '').split(path.delimiter).filter(directory => path.isAbsolute(directory));
  for (const name of names)
    for (const directory of directories) {
      const file = programIn(directory, name);
      if (file !== null) return file;
    }
  return null;
}

function programIn(directory: string, name: string): string | null {
  const file = path.resolve(directory, process.platform === 'win32' ? `${name}.exe` : name);
  return isProgram(file) ? file : null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statIfThere(file)?.isFile() ?? false;
  } catch {
    return false;
  }
}

/** Whether KVM may work: only a try shows it. */
export function mayUseKvm({ kvm }: BootMachine): boolean {
  if (process.platform !== 'linux' || kvm?.host !== process.arch) return false;
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

export interface QemuOptions {
  readonly program: string;
  readonly machine: BootMachine;
  readonly accelerator: Accelerator;
  readonly image: string;
  readonly initrd: string;
  readonly cmdline: string;
  /** MiB */
  readonly memory: number;
  /** Arguments for a debugger; none otherwise. */
  readonly debug: readonly string[];
}

/** The machine has no disk and no network, and shares no directory with this one. */
function qemuArguments(options: Omit<QemuOptions, 'program'>): string[] {
  const { machine, accelerator, image, initrd, cmdline, memory, debug } = options;
  return [
    ...((accelerator === 'kvm' && machine.kvm?.args) || machine.args),
    ...['-accel', accelerator, '-smp', '1', '-m', `${memory}`],
    ...['-nodefaults', '-no-user-config', '-nic', 'none', '-display', 'none', '-no-reboot', '-serial', 'stdio'],
    ...['-kernel', image, '-initrd', initrd, '-append', cmdline],
    ...debug,
  ];
}

export interface QemuRun {
  /** Ends the machine at once. */
  readonly kill: () => void;
  /** Resolves when the process is gone, with what it said on standard error. */
  readonly ended: Promise<string>;
}

/** Most of standard error that is kept, in characters. */
const MOST_COMPLAINTS = 4096;

/** Starts the machine. What its console says goes to `output` as it comes. */
export function startQemu(options: QemuOptions, output: (chunk: Uint8Array) => void): QemuRun {
  const child = spawn(options.program, qemuArguments(options), { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stdout.on('data', output);
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString('utf8')).slice(-MOST_COMPLAINTS);
  });
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  // The machine must not outlive this process.
  process.once('exit', kill);
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', error => reject(new InputError(options.program, error.message)));
    child.once('close', () => resolve(complaints.trim()));
  });
  return {
    kill,
    ended: ended.finally(() => process.removeListener('exit', kill)),
  };
}
