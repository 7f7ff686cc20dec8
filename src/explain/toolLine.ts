// Lines of what loads and removes modules: kmod, module-init-tools, BusyBox, toybox, ubox, systemd, Android, dkms, make.
// They tell an errno or that a file was not found, and nothing of the kernel's reasons.
import { told } from '../findings/all';
import { SPECIAL_TEXTS } from '../kmod/insmodLine';
import { errnoByText } from '../linux/errno';
import { nameOf, type Told } from './causes/types';
import type { CauseId } from './causes';
import { samples } from './forms';
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

/** What only one of the tools says. */
const OTHERS: Readonly<Record<string, number>> = {
  'unknown symbol in module, or unknown parameter (see dmesg)': 2,
  'unknown symbol in module, or unknown parameter': 2,
  'unknown symbol in module': 2,
  'module has wrong symbol version': 3,
  'invalid module format': 8,
  'module already in kernel': 17,
  'kernel does not support requested operation': 38,
  // musl and bionic.
  'out of memory': 12,
  'resource busy': 16,
  'i/o error': 5,
  'symbol not found': 2,
  // Old BusyBox.
  'invalid parameter': 22,
};

const ranks = ranksOf(TOOL_ROWS);
const byWord = groupBy(TOOL_ROWS, ({ word }) => word);

/** `words`: the words of the line, in letters only, where they are known already. */
export function readToolLine(line: string, words: readonly string[] = wordsIn(line)): ToolLine | null {
  for (const { pattern, cause } of rowsFor(byWord, words, ranks)) {
    const found = pattern.exec(line);
    if (!found) continue;
    const groups: Readonly<Record<string, string>> = found.groups ?? {};
    const { what = '', text = '' } = groups;
    const module = what === '' ? undefined : nameOf(what);
    const errno = cause === null || text !== '' ? errnoOf(text) : null;
    return { what, text: text.trim(), errno, cause, told: { ...groups, file: groups.file ?? what, module } };
  }
  return null;
}

/** Words of a line in letters only: what tables are looked up by. */
export function wordsIn(line: string): readonly string[] {
  return line.match(/[A-Za-z]{2,}/g) ?? [];
}

/** Words that a line of a tool has. */
export const TOOL_WORDS: ReadonlySet<string> = new Set(byWord.keys());

function errnoOf(text: string): number | null {
  const plain = text
    .trim()
    .replace(/(?:\\n)?["'`]*[.,]?["'`_]*$/, '')
    .replace(/^-?\d+ (?=[A-Z])/, '')
    .toLowerCase();
  const number = /^unknown error (\d+)$/.exec(plain)?.[1];
  if (number !== undefined) return Number(number);
  const special = Object.entries(SPECIAL_TEXTS).find(([, words]) => words.toLowerCase() === plain);
  return special ? Number(special[0]) : (OTHERS[plain] ?? errnoByText(plain));
}

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
