// Boots a kernel in QEMU until its probe is done, or the machine dies or falls silent.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { machineOf, type BootMachine } from '../../../src/host/node/boot/machines';
import type { Arch } from '../../../src/target/types';

export interface MachineRun {
  /** Everything the probe wrote to the second serial port. */
  readonly output: string;
  /** The console: the kernel's last words when it crashed. */
  readonly console: string;
}

/** No byte for this long and the machine is taken for hung; a boot without acceleration takes a few seconds. */
const SILENCE_LIMIT_MS = 90_000;
const POLL_MS = 1000;

// printk.devkmsg=on: the probe may write to the log without being throttled. nokaslr: addresses are comparable between boots. oops=panic, panic=-1: a crash ends the machine at once.
const BASE_CMDLINE = 'panic=-1 oops=panic loglevel=4 nokaslr printk.devkmsg=on';

function size(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

/** A machine that QEMU emulates. */
export interface MachineKind extends Pick<BootMachine, 'program' | 'args' | 'console'> {
  /** Whether there is a second serial port; without one the probe writes to the console. */
  readonly secondPort: boolean;
}

/** The machine that `boot` emulates for an architecture. */
export function bootedMachine(arch: Arch, secondPort = false): MachineKind {
  const machine = machineOf(arch);
  if (!machine) throw new Error(`boot has no machine for ${arch}`);
  const { program, args, console } = machine;
  return { program, args, console, secondPort };
}

const PC = bootedMachine('x86_64', true);

/** Runs one machine with the kernel and ramdisk given; `dir` takes its output files. */
export async function runMachine(
  vmlinuz: string,
  initrd: string,
  cmdline: string,
  dir: string,
  kind: MachineKind = PC,
): Promise<MachineRun> {
  const [output, consoleLog] = [path.join(dir, 'probe.out'), path.join(dir, 'console.out')];
  for (const file of [output, consoleLog]) rmSync(file, { force: true });
  const args = [
    ...kind.args,
    '-accel',
    'tcg',
    '-smp',
    '1',
    '-m',
    '1024',
    '-display',
    'none',
    '-no-reboot',
    '-nodefaults',
  ];
  args.push('-serial', `file:${consoleLog}`);
  if (kind.secondPort) args.push('-serial', `file:${output}`);
  const channel = kind.secondPort ? '' : `probe.out=${kind.console} `;
  args.push(
    '-kernel',
    vmlinuz,
    '-initrd',
    initrd,
    '-append',
    `console=${kind.console} ${channel}${BASE_CMDLINE} ${cmdline}`.trim(),
  );
  const machine = spawn(kind.program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    let [last, silent] = [0, 0];
    const watch = setInterval(() => {
      const now = size(output) + size(consoleLog);
      silent = now === last ? silent + POLL_MS : 0;
      last = now;
      if (silent > SILENCE_LIMIT_MS) machine.kill('SIGKILL');
    }, POLL_MS);
    const done = (finish: () => void): void => {
      clearInterval(watch);
      finish();
    };
    machine.on('error', error => done(() => reject(error)));
    machine.on('exit', () => done(resolve));
  });
  const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'latin1') : '');
  if (kind.secondPort) return { output: read(output), console: read(consoleLog) };
  const lines = read(consoleLog).replaceAll('\r', '').split('\n');
  // What the kernel itself writes may stand before an answer.
  const answers = lines.flatMap(line => /\{"op":.*/.exec(line)?.[0] ?? []);
  return { output: answers.join('\n'), console: lines.filter(line => !line.includes('{"op":')).join('\n') };
}
