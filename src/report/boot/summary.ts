// What came of a boot, in one sentence.
import { note, type Note } from '../../findings/notes';
import type { BootReport, RealBoot, RealStep } from './types';

/** The verdict of the real kernel, and the sentence as data. */
export interface Summary {
  readonly verdict: BootReport['verdict'];
  readonly summary: Note;
}

/**
 * @param step number of the module's own step; those before it load what it needs
 * @param strerror text of the C library for an errno
 */
export function summarise(
  module: string,
  release: string,
  { steps, end, during }: RealBoot,
  step: number,
  strerror: (errno: number) => string,
): Summary {
  const load = steps[step];
  if (load && during !== step + 1 && (end.kind === 'completed' || end.kind === 'cancelled'))
    return ofAnswer(module, release, load, strerror);
  const when = whenOf(module, during, step);
  const hasBegun = during !== null || steps.length > 0;
  switch (end.kind) {
    case 'panicked':
      return hasBegun
        ? { verdict: 'crashed', summary: note('boot-crashed', { release, when, line: end.line }) }
        : { verdict: 'unanswered', summary: note('boot-panicked-early', { release, line: end.line }) };
    case 'timeout':
      return hasBegun
        ? { verdict: 'hung', summary: note('boot-hung', { release, seconds: end.seconds, when }) }
        : { verdict: 'unanswered', summary: note('boot-slow', { release, seconds: end.seconds }) };
    case 'ended':
      return hasBegun
        ? { verdict: 'crashed', summary: note('boot-machine-ended', { when, message: end.message }) }
        : { verdict: 'unanswered', summary: note('boot-ended-early', { message: end.message }) };
    case 'cancelled':
      return { verdict: 'unanswered', summary: note('boot-cancelled') };
    case 'completed':
      return { verdict: 'unanswered', summary: note('boot-never', { release, module }) };
  }
}

/** @param during number of the step that was on its way, null between steps */
function whenOf(module: string, during: number | null, step: number): Note {
  if (during === null) return note('boot-between');
  if (during === step) return note('boot-loading', { module });
  return during === step + 1 ? note('boot-removing', { module }) : note('boot-dependency', { number: during });
}

function ofAnswer(module: string, release: string, load: RealStep, strerror: (errno: number) => string): Summary {
  const { errno, errnoName, initReturned: result } = load;
  if (errno === 0)
    return {
      verdict: 'loads',
      summary:
        result === null
          ? note('boot-loads', { module, release })
          : note('boot-loads-init', { module, release, result }),
    };
  const named = `${errnoName ?? `errno ${errno}`}: ${strerror(errno)}`;
  if (result === null) return { verdict: 'refused', summary: note('boot-refused', { module, release, errno: named }) };
  const id = HARDWARE.has(errnoName ?? '') ? 'boot-init-hardware' : 'boot-init';
  return { verdict: 'init-failed', summary: note(id, { module, release, result, errno: named }) };
}

/** What drivers return when their device is missing. */
const HARDWARE: ReadonlySet<string> = new Set(['ENODEV', 'ENXIO', 'EIO']);
