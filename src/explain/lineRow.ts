// A row of the tables of kernel lines.
import type { CauseId } from './causes';
import type { Told } from './causes/types';

export interface LineRow {
  /** A word that the line contains, in letters only: most lines of a log need no pattern then. */
  readonly word: string;
  readonly pattern: RegExp;
  readonly cause: CauseId | ((told: Told) => CauseId);
}

export const line = (word: string, source: string, cause: LineRow['cause']): LineRow => ({
  word,
  pattern: new RegExp(source),
  cause,
});
