// The exit status: decided here, from what was answered. Of several the one that says the least is final.
import type { LoadResult } from '../../index';
import type { CheckReport } from '../../report/check/types';

/** The command itself could not run. */
export const CANNOT_RUN = 2;

const REFUSED = 1;
/** Nothing refused the module, but something essential could not be checked. */
const UNCHECKED = 3;

/** Each status and what it means, for the manual page and the reference. */
export const STATUS_MEANINGS: readonly (readonly [status: number, meaning: string])[] = [
  [0, 'it would load'],
  [REFUSED, 'it would be refused'],
  [CANNOT_RUN, 'the command itself could not run, and one line on standard error says why'],
  [
    UNCHECKED,
    'nothing refused it, but an essential part could not be checked: relocations or section preparation of an architecture that is not simulated yet, or a struct module that neither a size, a CRC nor a release vouches for',
  ],
];

/** By weight: a later one replaces those before it. */
const WEIGHTS: readonly number[] = [0, UNCHECKED, REFUSED, CANNOT_RUN];

type Answer = Pick<LoadResult, 'errno' | 'verdict'>;

/** 0 when everything would load, 1 when something is refused (or its init fails), 3 when the rest is unchecked. */
export function exitStatus(answers: readonly Answer[]): number {
  if (answers.some(({ errno, verdict }) => errno !== 0 || verdict === 'refused')) return REFUSED;
  return answers.some(({ verdict }) => verdict === 'unchecked') ? UNCHECKED : 0;
}

/**
 * 2 when something could not be read, else as {@link exitStatus} for the modules that the baseline does not know. A cycle
 * of dependencies counts as refused: modprobe loads none of them. So does a difference between simulation and real kernel.
 */
export function checkStatus(reports: readonly CheckReport[]): number {
  if (reports.some(({ unreadable }) => unreadable.length > 0)) return CANNOT_RUN;
  if (reports.some(({ cycles }) => cycles > 0)) return REFUSED;
  // The machine could not be booted, or a module brought it down, or the simulation is wrong.
  if (reports.some(({ boot }) => (boot?.disagreements.length ?? 0) > 0)) return REFUSED;
  return exitStatus(reports.flatMap(({ modules }) => modules.filter(({ known }) => known !== true)));
}

/** Makes `status` that of the process, unless a graver one was decided already. */
export function leaveWith(status: number): void {
  const before = Number(process.exitCode ?? 0);
  if (WEIGHTS.indexOf(status) >= WEIGHTS.indexOf(before)) process.exitCode = status;
}
