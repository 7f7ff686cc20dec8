// insmod-lens boot: one module on its target's real kernel, in a virtual machine, beside the simulation.
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { BootReport } from '../../report/boot/types';
import type { Accelerator } from '../node/boot/qemu';
import { bytesOfText, joinArguments } from './arguments';
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
    .option('--all', 'list every fact, also where all of a kind are the same')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(boot);
}

function parseSeconds(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('expected a number of seconds.');
  return Number(text);
}

async function boot(path: string, params: readonly string[], options: BootCommandOptions): Promise<void> {
  const file = await readModuleFile(path);
  const [facts] = await openTargets(options, path);
  const [target] = targetChoices(options, path);
  if (!facts || !target) return;
  const { bootModule } = await import('../node/boot/bootModule');
  const isText = options.format === 'text';
  const cancel = new AbortController();
  const stop = (): void => cancel.abort();
  for (const signal of SIGNALS) process.once(signal, stop);
  try {
    const report = await bootModule(
      {
        file,
        facts,
        target,
        args: bytesOfText(joinArguments(params)),
        flags: (options.forceModversion ? IGNORE_MODVERSIONS : 0) | (options.forceVermagic ? IGNORE_VERMAGIC : 0),
        syscall: options.syscall,
        cmdline: options.cmdline ?? '',
        loaded: options.loaded ?? [],
        image: options.image ?? null,
        qemu: options.qemu ?? null,
        keep: options.keep === true,
      },
      {
        timeout: options.timeout,
        accelerator: options.accel,
        signal: cancel.signal,
        listener: { line: line => isText && out(`${printable(line)}\n`) },
        told: (loaded, absent) => {
          if (loaded.length > 0) complain(`loads first: ${loaded.join(', ')}`);
          if (absent.length > 0) complain(`not at hand, and not loaded: ${absent.join(', ')}`);
        },
      },
    );
    if (isText) printBoot(report, options.all === true);
    else writeJson(report);
    leaveWith(STATUS[report.verdict]);
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, stop);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const STATUS: Readonly<Record<BootReport['verdict'], number>> = {
  loads: 0,
  'init-failed': 1,
  refused: 1,
  crashed: 1,
  hung: 1,
  unanswered: CANNOT_RUN,
};
