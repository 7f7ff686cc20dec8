// The exit status of a command that simulates loads: decided here, from what was answered.
import type { LoadResult } from '../../index';

/** The command itself could not run. */
export const CANNOT_RUN = 2;

const REFUSED = 1;
/** Nothing refused the module, but something essential could not be checked. */
const UNCHECKED = 3;

type Answer = Pick<LoadResult, 'errno' | 'verdict'>;

/** 0 when everything would load, 1 when something is refused (or its init fails), 3 when the rest is unchecked. */
export function exitStatus(answers: readonly Answer[]): number {
  if (answers.some(({ errno }) => errno !== 0)) return REFUSED;
  return answers.some(({ verdict }) => verdict === 'unchecked') ? UNCHECKED : 0;
}
