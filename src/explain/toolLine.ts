// Lines of what loads and removes modules: kmod, module-init-tools, BusyBox, toybox, ubox, systemd, Android, dkms, make.
// They tell an errno or that a file was not found, and nothing of the kernel's reasons.
import { told } from '../findings/all';
import { nameOf, type Told } from './causes/types';
import type { CauseId } from './causes';
import { errnoOf } from './errnoOf';
import { samples } from './forms';
import { GENERAL_ROWS } from './generalRows';
import { groupBy } from '../formats/groupBy';
import { ranksOf, rowsFor } from './rankedRows';
import { TOOL_ROWS } from './toolRows';

export interface ToolLine {
  /** File or name as the tool prints it. */
  readonly what: string;
  readonly text: string;
  /** Null for a text no C library uses. */
  readonly errno: number | null;
  /** The cause, where the line is about something before or beside the system call. */
  readonly cause: CauseId | null;
  readonly told: Told;
}

const ranks = ranksOf(TOOL_ROWS);
const byWord = groupBy(TOOL_ROWS, ({ word }) => word);
const generalRanks = ranksOf(GENERAL_ROWS);
const generalByWord = groupBy(GENERAL_ROWS, ({ word }) => word);

/** `words`: the words of the line, in letters only, where they are known already. */
export function readToolLine(line: string, words: readonly string[] = wordsIn(line)): ToolLine | null {
  for (const { pattern, cause } of rowsFor(byWord, words, ranks)) {
    const found = pattern.exec(line);
    if (!found) continue;
    const groups = found.groups ?? {};
    const { text = '' } = groups;
    return toolLine(groups, cause === null || text !== '' ? errnoOf(text) : null, cause);
  }
  return null;
}

/** A line of a program in no table that names a module and an errno: to be asked when no table knows the line. */
export function readGeneralLine(line: string, words: readonly string[]): ToolLine | null {
  for (const { pattern, number } of rowsFor(generalByWord, words, generalRanks)) {
    const { groups } = pattern.exec(line) ?? {};
    const errno = groups ? errnoOf(number ? `-${groups.text ?? ''}` : (groups.text ?? '')) : null;
    // That a file is missing is not about symbols.
    if (groups && errno !== null) return toolLine(groups, errno, errno === 2 ? 'noFile' : null);
  }
  return null;
}

function toolLine(groups: Readonly<Record<string, string>>, errno: number | null, cause: CauseId | null): ToolLine {
  const { name = '', what = name, text = '', file = what } = groups;
  const module = what === '' ? undefined : nameOf(what);
  return { what, text: text.trim(), errno, cause, told: { ...groups, file, module } };
}

/** Words of a line in letters only: what tables are looked up by. */
export function wordsIn(line: string): readonly string[] {
  return line.match(/[A-Za-z]{2,}/g) ?? [];
}

/** Words that a line of a tool has. */
export const TOOL_WORDS: ReadonlySet<string> = new Set([...byWord.keys(), ...generalByWord.keys()]);

/** What a refusal with this errno may be about, commonest first. A module's own code may return any number. */
export function causesOf(errno: number): readonly string[] {
  // No finding stands for these two, which come from security modules and from kernels without modules.
  if (errno === 13 || errno === 38) return [];
  const causes = ranked(errno);
  return causes.length > 0 ? causes : ranked('any');
}

function ranked(errno: number | 'any'): string[] {
  const ranks = new Map<string, number>();
  for (const { finding, facts, code } of samples()) {
    const rank = told(finding.errnos, facts)[errno];
    if (rank !== undefined) ranks.set(code, rank);
  }
  return [...ranks].sort(([, a], [, b]) => a - b).map(([code]) => code);
}
