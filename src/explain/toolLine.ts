// Lines of insmod and modprobe, of kmod and of BusyBox. They tell an errno and nothing else.
import { told } from '../findings/all';
import { samples } from './forms';
import { errnoByText } from '../linux/errno';
import { SPECIAL_TEXTS } from '../kmod/insmodLine';

export interface ToolLine {
  /** File or name as the tool prints it. */
  readonly what: string;
  readonly text: string;
  /** Null for a text no C library uses. */
  readonly errno: number | null;
}

const FORM =
  /(?:insmod|modprobe)(?::?\s*ERROR)?: (?:could not insert(?: module)?|can't insert) '?(?<what>.+?)'?: (?<text>.+)$/;

/** What only BusyBox and modprobe say. */
const OTHERS: Readonly<Record<string, number>> = {
  'unknown symbol in module, or unknown parameter (see dmesg)': 2,
  'unknown symbol in module, or unknown parameter': 2,
  'module already in kernel': 17,
  'kernel does not support requested operation': 38,
};

export function readToolLine(line: string): ToolLine | null {
  const groups = FORM.exec(line)?.groups;
  if (!groups) return null;
  const { what = '', text = '' } = groups;
  const plain = text.trim().replace(/\.$/, '').toLowerCase();
  const special = Object.entries(SPECIAL_TEXTS).find(([, words]) => words.toLowerCase() === plain);
  const errno = special ? Number(special[0]) : (OTHERS[plain] ?? errnoByText(plain));
  return { what, text: text.trim(), errno };
}

/** What a refusal with this errno may be about, commonest first. A module's own code may return any number. */
export function causesOf(errno: number): readonly string[] {
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
