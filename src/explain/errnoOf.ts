// Which errno the words behind a tool's colon stand for: texts of every C library and tool, numbers, names, other
// languages, and what someone typed by hand.
import { SPECIAL_TEXTS } from '../kmod/insmodLine';
import { errnoByName, errnoTexts } from '../linux/errno';
import { errnoOfLocal } from './localErrnos';

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

const KNOWN: ReadonlyMap<string, number> = new Map([
  ...errnoTexts().map(([errno, text]) => [text.toLowerCase(), errno] as const),
  ...Object.entries(SPECIAL_TEXTS).map(([errno, text]) => [text.toLowerCase(), Number(errno)] as const),
  ...Object.entries(OTHERS),
]);

/** Texts shorter than this are other words when two letters differ. */
const SHORTEST_TYPED = 14;

/** The errno of such words; null for words that are none. */
export function errnoOf(text: string): number | null {
  const plain = withoutEnd(text.trim())
    .replace(/^-?\d+ (?=[A-Z])/, '')
    .toLowerCase();
  const number = /^unknown error (\d+)$/.exec(plain)?.[1];
  if (number !== undefined) return Number(number);
  return KNOWN.get(plain) ?? errnoByNumber(plain) ?? errnoOfLocal(plain) ?? typed(plain);
}

/** "-22", "-einval", "einval": the number itself, or the kernel's name for it. */
function errnoByNumber(plain: string): number | null {
  const digits = /^-(\d{1,3})$/.exec(plain)?.[1];
  if (digits !== undefined) return Number(digits);
  return /^-?e[a-z0-9]{2,12}$/.test(plain) ? errnoByName(plain.replace('-', '').toUpperCase()) : null;
}

/** What someone typed from a screen, with a letter or two wrong. */
function typed(plain: string): number | null {
  if (plain.length < SHORTEST_TYPED || plain.length > 80) return null;
  for (const [text, errno] of KNOWN)
    if (text.length >= SHORTEST_TYPED && Math.abs(text.length - plain.length) <= 2 && isNear(text, plain)) return errno;
  return null;
}

/** Whether at most two letters are to be added, left out or replaced. */
function isNear(one: string, other: string, edits = 2): boolean {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start++;
  if (start === one.length && start === other.length) return true;
  if (edits === 0) return false;
  const [a, b] = [one.slice(start), other.slice(start)];
  return (
    isNear(a.slice(1), b.slice(1), edits - 1) || isNear(a.slice(1), b, edits - 1) || isNear(a, b.slice(1), edits - 1)
  );
}

const QUOTES = '"\'`';

/** Without quotes, a full stop, and the line break of a string, which may stand behind the words. */
function withoutEnd(text: string): string {
  let end = endBefore(text, text.length, `${QUOTES}_`);
  if (text[end - 1] === '.' || text[end - 1] === ',') end = endBefore(text, end - 1, QUOTES);
  return text.slice(0, text.startsWith('\\n', end - 2) ? end - 2 : end);
}

/** Where the characters end that are none of these. */
function endBefore(text: string, from: number, signs: string): number {
  let end = from;
  while (end > 0 && signs.includes(text[end - 1] ?? ' ')) end--;
  return end;
}
