// A row of the tables of lines that tools and programs print.
import type { CauseId } from './causes';

export interface ToolRow {
  /** A word that the line contains, in letters only. */
  readonly word: string;
  readonly pattern: RegExp;
  /** Null where the line tells an errno and no more. */
  readonly cause: CauseId | null;
}

export const row = (word: string, source: string, cause: CauseId | null = null): ToolRow => ({
  word,
  pattern: new RegExp(source),
  cause,
});
