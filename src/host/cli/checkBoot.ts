// check --boot: the modules of a tree on the real kernel, beside what was simulated of them.
import { InvalidArgumentError, type Command } from 'commander';
import { openTarget } from '../../index';
import type { TargetChoice } from '../../protocol/analysis';
import type { CheckReport } from '../../report/check/types';
import { withCancel } from './cancel';
import type { Progress } from './progress';

export interface CheckBootOptions {
  /** A path is the first to check: what follows an option without its number. */
  readonly boot?: number | true | string;
  readonly image?: string;
  readonly qemu?: string;
  readonly cmdline?: string;
}

export function addBootOptions(command: Command): Command {
  return command
    .option(
      '--boot [number]',
      'load so many of the modules on the real kernel in QEMU, spread over the tree, and compare; without a number all',
      parseCount,
    )
    .option('--image <path>', 'kernel image to boot (default: the one beside the target, or in /boot)')
    .option('--qemu <path>', "QEMU's program, or the directory with it (default: from PATH)");
}

function parseCount(text: string): number | string {
  if (!/^\d{1,6}$/.test(text)) return text;
  if (Number(text) < 1) throw new InvalidArgumentError('expected a number of modules.');
  return Number(text);
}

/** Modules that were checked, and the targets of their reports. */
export interface Checked {
  readonly files: readonly string[];
  readonly targets: readonly TargetChoice[];
  /** Paths are told relative to it. */
  readonly root: string;
}

/** The reports, with --boot each with what the real kernel answered. */
export async function bootReports(
  reports: readonly CheckReport[],
  { files, targets, root }: Checked,
  { boot, image, qemu, cmdline = '' }: CheckBootOptions,
  progress: Progress,
): Promise<readonly CheckReport[]> {
  if (boot === undefined) return reports;
  const { bootTree } = await import('../node/check/bootTree');
  const count = typeof boot === 'number' ? boot : null;
  const machine = { image: image ?? null, qemu: qemu ?? null, timeout: TIMEOUT };
  const common = { ...machine, files, cmdline, count, root, progress: progress.show };
  const booted: CheckReport[] = [];
  for (const [i, target] of targets.entries()) {
    const report = reports[i];
    if (!report) continue;
    const facts = await openTarget(target.path, target.modules === undefined ? {} : { modules: target.modules });
    booted.push({ ...report, boot: await withCancel(signal => bootTree({ ...common, target, facts, signal })) });
  }
  return booted;
}

/** Seconds that loading or removing a module may take. */
const TIMEOUT = 60;
