// insmod-lens boot: one module on its target's real kernel, in a virtual machine, beside the simulation.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { INSMOD_TOOLS } from '../../kmod/insmodTools';
import type { BootReport } from '../../report/boot/types';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import type { BootRequest } from '../node/boot/bootModule';
import type { Accelerator } from '../node/boot/qemu';
import { inputError } from '../node/files';
import { bytesOfText } from './arguments';
import { CANNOT_RUN, leaveWith } from './exitStatus';
import { complain, out } from './output';
import { printable } from './printable';
import { printBoot } from './printBoot';
import { writeJson } from './printResult';
import { addTargetOptions, openTargets, readModuleFile, targetChoices, type TargetOptions } from './targetOptions';

interface BootCommandOptions extends TargetOptions {
  readonly image?: string;
  readonly qemu?: string;
  readonly timeout: number;
  readonly accel: Accelerator | 'auto';
  readonly keep?: boolean;
  readonly forceVermagic?: boolean;
  readonly forceModversion?: boolean;
  readonly syscall: 'finit_module' | 'init_module';
  readonly all?: boolean;
  readonly gdb?: number | true;
  readonly gdbScript?: string;
  readonly report?: string;
  readonly format: 'text' | 'json';
}

const IGNORE_MODVERSIONS = 1;
const IGNORE_VERMAGIC = 2;
const TIMEOUT = 60;

export function registerBoot(program: Command): void {
  addTargetOptions(
    program
      .command('boot')
      .description("load a module on the target's real kernel in QEMU, and compare with the simulation")
      .argument('<module.ko>', 'the built module (.ko, .ko.xz, .ko.zst, .ko.gz)')
      .argument('[param=value...]', 'module parameters, as given to insmod'),
  )
    .option('--image <path>', 'kernel image to boot (default: the one beside the target, or in /boot)')
    .option('--qemu <path>', "QEMU's program, or the directory with it (default: from PATH)")
    .option('--timeout <seconds>', 'how long loading or removing a module may take', parseSeconds, TIMEOUT)
    .addOption(
      new Option('--accel <name>', 'what runs the machine; auto tries KVM first')
        .choices(['auto', 'kvm', 'tcg'])
        .default('auto'),
    )
    .option('--keep', 'do not remove the module again')
    .option('--force-vermagic', 'ignore vermagic, as modprobe --force-vermagic')
    .option('--force-modversion', 'ignore symbol versions, as modprobe --force-modversion')
    .addOption(
      new Option('--syscall <name>', 'system call to load with')
        .choices(['finit_module', 'init_module'])
        .default('finit_module'),
    )
    .option('--gdb [port]', 'stop before init and wait for gdb; prints how to start it', parsePort)
    .option('--gdb-script <file>', 'where the script for gdb is written (default: NAME.gdb in the current directory)')
    .option('--report <file>', 'write everything that reproduces a difference to a file, without the module itself')
    .option('--all', 'list every fact, also where all of a kind are the same')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(boot);
}

function parseSeconds(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('expected a number of seconds.');
  return Number(text);
}

function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65535)
    throw new InvalidArgumentError('expected a port number.');
  return Number(text);
}

async function boot(path: string, params: readonly string[], options: BootCommandOptions): Promise<void> {
  const file = await readModuleFile(path);
  const [facts] = await openTargets(options, path);
  const [target] = targetChoices(options, path);
  if (!facts || !target) return;
  const { bootModule, debugModule } = await import('../node/boot/bootModule');
  const isText = options.format === 'text';
  const cancel = new AbortController();
  const stop = (): void => cancel.abort();
  for (const signal of SIGNALS) process.once(signal, stop);
  try {
    const request: BootRequest = {
      file,
      facts,
      target,
      args: bytesOfText(INSMOD_TOOLS.kmod.joinArguments(params)),
      flags: (options.forceModversion ? IGNORE_MODVERSIONS : 0) | (options.forceVermagic ? IGNORE_VERMAGIC : 0),
      syscall: options.syscall,
      cmdline: options.cmdline ?? '',
      loaded: options.loaded ?? [],
      image: options.image ?? null,
      qemu: options.qemu ?? null,
      keep: options.keep === true,
    };
    const controls = {
      timeout: options.timeout,
      signal: cancel.signal,
      listener: { line: (line: string) => isText && out(`${printable(line)}\n`) },
      told,
    };
    if (options.gdb !== undefined) {
      const port = options.gdb === true ? GDB_PORT : options.gdb;
      await debugModule(request, { ...controls, port, ready: script => tellScript(script, path, options.gdbScript) });
      return;
    }
    const report = await bootModule(request, { ...controls, accelerator: options.accel });
    if (options.report !== undefined) writeReport(options.report, report, request);
    if (isText) printBoot(report, options.all === true);
    else writeJson(report);
    leaveWith(STATUS[report.verdict]);
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, stop);
  }
}

/** QEMU's own default. */
const GDB_PORT = 1234;

function told(loaded: readonly string[], absent: readonly string[]): void {
  if (loaded.length > 0) complain(`loads first: ${loaded.join(', ')}`);
  if (absent.length > 0) complain(`not at hand, and not loaded: ${absent.join(', ')}`);
}

function tellScript(script: string, path: string, given: string | undefined): void {
  const file = given ?? `${moduleNameOfPath(path)}.gdb`;
  write(file, script);
  complain(`the machine waits for a debugger: gdb -x ${file} (gdb-multiarch for another architecture; Ctrl-C ends it)`);
}

/** A fingerprint stands for the module; facts are named, and not repeated. */
function writeReport(file: string, report: BootReport, { file: { bytes }, args, flags, cmdline }: BootRequest): void {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const module = { ...report.module, sha256, size: bytes.length };
  write(
    file,
    `${JSON.stringify({ ...report, module, asked: { args, flags, cmdline, version: __VERSION__ } }, null, 2)}\n`,
  );
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw inputError(file, error);
  }
}

declare const __VERSION__: string;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const STATUS: Readonly<Record<BootReport['verdict'], number>> = {
  loads: 0,
  'init-failed': 1,
  refused: 1,
  crashed: 1,
  hung: 1,
  unanswered: CANNOT_RUN,
};
