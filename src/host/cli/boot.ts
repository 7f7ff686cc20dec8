// insmod-lens boot: one module on its target's real kernel, in a virtual machine, beside the simulation.
import { createHash } from 'node:crypto';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { INSMOD_TOOLS } from '../../kmod/insmodTools';
import type { BootReport } from '../../report/boot/types';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import type { BootRequest } from '../node/boot/bootModule';
import type { Accelerator } from '../node/boot/qemu';
import { writeText } from '../node/files';
import { withCancel } from './cancel';
import { bytesOfText, forceFlags, type ForceOptions } from './arguments';
import { CANNOT_RUN, leaveWith } from './exitStatus';
import { complain, out } from './output';
import { printable } from './printable';
import { writeJson } from './printResult';
import { addTargetOptions, openTargets, targetChoices, type TargetOptions } from './targetOptions';
import { readModule } from '../node/decompress';

interface BootCommandOptions extends TargetOptions, Omit<ForceOptions, 'force'> {
  readonly image?: string;
  readonly qemu?: string;
  readonly timeout: number;
  readonly accel: Accelerator | 'auto';
  readonly keep?: boolean;
  readonly syscall: 'finit_module' | 'init_module';
  readonly all?: boolean;
  readonly gdb?: number | true;
  readonly gdbScript?: string;
  readonly report?: string;
  readonly format: 'text' | 'json';
}

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
    .option(
      '--timeout <seconds>',
      'how long loading or removing a module may take',
      wholeNumber(99_999, 'number of seconds'),
      TIMEOUT,
    )
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
    .option(
      '--gdb [port]',
      'stop before init and wait for gdb; prints how to start it',
      wholeNumber(65_535, 'port number'),
    )
    .option('--gdb-script <file>', 'where the script for gdb is written (default: NAME.gdb in the current directory)')
    .option('--report <file>', 'write everything that reproduces a difference to a file, without the module itself')
    .option('--all', 'list every fact, also where all of a kind are the same')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(boot);
}

/** @returns a parser of integers from 1 to `most`, and of at most five digits */
function wholeNumber(most: number, what: string): (text: string) => number {
  return text => {
    const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (value < 1 || value > most) throw new InvalidArgumentError(`expected a ${what}.`);
    return value;
  };
}

async function boot(path: string, params: readonly string[], options: BootCommandOptions): Promise<void> {
  const file = await readModule(path);
  const [facts] = await openTargets(options, path);
  const [target] = targetChoices(options, path);
  if (!facts || !target) return;
  const { bootModule, debugModule } = await import('../node/boot/bootModule');
  const isText = options.format === 'text';
  await withCancel(async signal => {
    const request: BootRequest = {
      file,
      facts,
      target,
      args: bytesOfText(INSMOD_TOOLS.kmod.joinArguments(params)),
      flags: forceFlags(options),
      syscall: options.syscall,
      cmdline: options.cmdline ?? '',
      loaded: options.loaded ?? [],
      image: options.image ?? null,
      qemu: options.qemu ?? null,
      keep: options.keep === true,
    };
    const controls = {
      timeout: options.timeout,
      signal,
      onLine: (line: string) => isText && out(`${printable(line)}\n`),
      told,
    };
    if (options.gdb !== undefined) {
      const port = options.gdb === true ? GDB_PORT : options.gdb;
      await debugModule(request, { ...controls, port, ready: script => tellScript(script, path, options.gdbScript) });
      return;
    }
    const report = await bootModule(request, { ...controls, accelerator: options.accel });
    if (isText) {
      const { printBoot } = await import('./printBoot');
      printBoot(report, options.all === true);
    } else writeJson(report);
    if (options.report !== undefined) writeReport(options.report, report, request);
    leaveWith(STATUS[report.verdict]);
  });
}

/** QEMU's own default. */
const GDB_PORT = 1234;

function told(loaded: readonly string[], absent: readonly string[]): void {
  if (loaded.length > 0) complain(`loads first: ${loaded.join(', ')}`);
  if (absent.length > 0) complain(`not at hand, and not loaded: ${absent.join(', ')}`);
}

function tellScript(script: string, path: string, given: string | undefined): void {
  const file = given ?? `${moduleNameOfPath(path)}.gdb`;
  writeText(file, script);
  complain(`the machine waits for a debugger: gdb -x ${file} (gdb-multiarch for another architecture; Ctrl-C ends it)`);
}

/** The report has a fingerprint of the module instead of its bytes, and the name of the kernel instead of its facts. */
function writeReport(file: string, report: BootReport, request: BootRequest): void {
  const { args, flags, syscall, cmdline } = request;
  const { bytes } = request.file;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const module = { ...report.module, sha256, size: bytes.length };
  const asked = { args, flags, syscall, cmdline, version: __VERSION__ };
  writeText(file, `${JSON.stringify({ ...report, module, asked }, null, 2)}\n`);
}

declare const __VERSION__: string;

const STATUS: Readonly<Record<BootReport['verdict'], number>> = {
  loads: 0,
  'init-failed': 1,
  refused: 1,
  crashed: 1,
  hung: 1,
  unanswered: CANNOT_RUN,
};
