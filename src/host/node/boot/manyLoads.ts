// Many loads with few boots: a machine goes on with the next group of steps until one crashes it or leaves something behind.
import type { BootEnd, RealStep } from '../../../report/boot/types';
import type { BootStep } from './plan';
import { runBoot, type BootOptions } from './runBoot';

/** Steps that belong together and begin on a machine without modules: what a module needs, itself, and their removal. */
export type StepGroup = readonly BootStep[];

export interface GroupAnswer {
  /** Number of the boot, from 0. */
  readonly boot: number;
  /** As many as were answered. */
  readonly steps: readonly RealStep[];
  /** How the machine came to its end within this group; null where it did not. */
  readonly end: BootEnd | null;
  /** Number of the step that was on its way then; null between steps. */
  readonly during: number | null;
  /** What the kernel wrote to the console while the last step ran, where the machine came to its end. */
  readonly console: readonly string[];
}

/** Of one boot: the machine holds all modules in memory. */
const MOST_GROUPS = 250;
const MOST_BYTES = 128 << 20;

/** Yields an answer for each group, in order. Ends early when it is cancelled, or when a machine never reaches its init. */
export async function* bootMany(groups: readonly StepGroup[], options: BootOptions): AsyncGenerator<GroupAnswer> {
  let next = 0;
  for (let boot = 0; next < groups.length; boot++) {
    const chosen = fitting(groups.slice(next));
    const real = await runBoot(chosen.flat(), options, stepsOf(chosen));
    if (real.version === null) {
      yield { boot, steps: [], end: real.end, during: null, console: real.console };
      return;
    }
    let from = 0;
    let done = 0;
    for (const group of chosen) {
      const steps = real.steps.slice(from, from + group.length);
      const isCut = steps.length < group.length || (real.during !== null && real.during < from + group.length);
      const isLast = isCut && real.end.kind !== 'completed';
      yield {
        boot,
        steps,
        end: isLast ? real.end : null,
        during: isLast && real.during !== null ? real.during - from : null,
        console: isLast ? real.console : [],
      };
      done++;
      if (real.end.kind === 'cancelled' && isCut) return;
      // What is left loaded would meet the next module.
      if (isCut || (steps.at(-1)?.modules.length ?? 0) > 0) break;
      from += group.length;
    }
    next += done;
  }
}

/** Number of the last step of each group. */
function stepsOf(groups: readonly StepGroup[]): ReadonlySet<number> {
  const ends = new Set<number>();
  let at = -1;
  for (const group of groups) ends.add((at += group.length));
  return ends;
}

function fitting(groups: readonly StepGroup[]): readonly StepGroup[] {
  let bytes = 0;
  const over = groups.findIndex((group, i) => {
    for (const step of group) if (step.op === 'insmod') bytes += step.bytes.length;
    return i > 0 && (i >= MOST_GROUPS || bytes > MOST_BYTES);
  });
  return over < 0 ? groups : groups.slice(0, over);
}
