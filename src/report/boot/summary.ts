// What came of a boot, in one sentence.
import type { BootReport, RealBoot, RealStep } from './types';

type Summary = Pick<BootReport, 'verdict' | 'summary'>;

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
  const what = during === null ? 'between two steps' : during === step ? `while ${module} was loading` : undefined;
  const when =
    what ??
    (during === step + 1 ? `while ${module} was being removed` : `while its dependency number ${during} was loading`);
  const hasBegun = during !== null || steps.length > 0;
  switch (end.kind) {
    case 'panicked':
      return hasBegun
        ? { verdict: 'crashed', summary: `${release} crashed ${when}: ${end.line}` }
        : { verdict: 'unanswered', summary: `${release} panicked before it reached init: ${end.line}` };
    case 'timeout':
      return hasBegun
        ? { verdict: 'hung', summary: `${release} did not answer for ${end.seconds} s ${when}` }
        : { verdict: 'unanswered', summary: `${release} did not reach init within ${end.seconds} s` };
    case 'ended':
      return hasBegun
        ? { verdict: 'crashed', summary: `the virtual machine ended ${when}: ${end.message}` }
        : { verdict: 'unanswered', summary: `the virtual machine ended before it reached init: ${end.message}` };
    case 'cancelled':
      return { verdict: 'unanswered', summary: 'cancelled' };
    case 'completed':
      return { verdict: 'unanswered', summary: `${release} never came to ${module}` };
  }
}

function ofAnswer(module: string, release: string, load: RealStep, strerror: (errno: number) => string): Summary {
  const { errno, errnoName, initReturned } = load;
  if (errno === 0)
    return {
      verdict: 'loads',
      summary: `${module} loads on ${release}${initReturned === null ? '' : `; init returned ${initReturned}`}`,
    };
  const name = `${errnoName ?? `errno ${errno}`}: ${strerror(errno)}`;
  if (initReturned === null) return { verdict: 'refused', summary: `${release} refuses ${module} (${name})` };
  const hardware = HARDWARE.has(errnoName ?? '') ? '; the virtual machine has little hardware' : '';
  return {
    verdict: 'init-failed',
    summary: `${module} is accepted by ${release}, and its init returned ${initReturned} (${name}) on this virtual machine${hardware}`,
  };
}

/** What drivers return when their device is missing. */
const HARDWARE: ReadonlySet<string> = new Set(['ENODEV', 'ENXIO', 'EIO']);
