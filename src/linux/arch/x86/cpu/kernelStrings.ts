// Functions of lib/string.c and lib/string_helpers.c that look at strings.
import { skipSpaces } from '../../../../target/cmdline';
import { EINVAL } from '../../../errno';
import { returned, returnedInt, type FunctionCall, type KernelFunction } from './functionCall';
import { known, type Value } from './value';

const MOST_COMPARED = 1n << 12n;
const MOST_ITEMS = 1 << 10;

/** strcmp(): -1, 0 or 1, as the kernel's own code in C returns it. */
function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** strcasecmp(): the difference of the first letters that differ. */
function compareFolded(a: string, b: string): number {
  let at = 0;
  while (at < a.length && fold(a, at) === fold(b, at)) at++;
  return fold(a, at) - fold(b, at);
}

/** strncasecmp(): as strcasecmp(), but where one of them ends letters count as they are. */
function compareFoldedLimited(a: string, b: string): number {
  let at = 0;
  while (at < a.length && fold(a, at) === fold(b, at)) at++;
  const ends = at >= a.length || at >= b.length;
  return ends ? (a.charCodeAt(at) || 0) - (b.charCodeAt(at) || 0) : fold(a, at) - fold(b, at);
}

/** tolower() by lib/ctype.c, which is Latin-1; the NUL behind the end is 0. */
function fold(text: string, at: number): number {
  const code = at < text.length ? text.charCodeAt(at) : 0;
  const upper = (code >= 0x41 && code <= 0x5a) || (code >= 0xc0 && code <= 0xde && code !== 0xd7);
  return upper ? code + 0x20 : code;
}

/** sysfs_streq(): equal but for one newline at an end. */
function sysfsEqual(a: string, b: string): boolean {
  return a === b || `${a}\n` === b || a === `${b}\n`;
}

type TwoStrings = (a: string, b: string) => Value;

function ofStrings(body: TwoStrings): KernelFunction {
  return call => {
    const [a, b] = [call.string(0), call.string(1)];
    return a === null || b === null ? null : body(a, b);
  };
}

function ofLimitedStrings(body: TwoStrings): KernelFunction {
  return call => {
    const length = call.unsigned(2, 8);
    if (length === null) return null;
    const [a, b] = [call.limitedString(0, length), call.limitedString(1, length)];
    return a === null || b === null ? null : body(a, b);
  };
}

const nowhere: Value = known(0n);

/** A pointer into the string of the first argument; an index below 0 is NULL. */
function pointerInto(call: FunctionCall, index: number): Value | null {
  const start = call.pointer(0);
  return start === null ? null : index < 0 ? nowhere : known(start + BigInt(index));
}

function findCharacter(call: FunctionCall, last: boolean): Value | null {
  const [text, character] = [call.string(0), call.unsigned(1, 1)];
  if (text === null || character === null) return null;
  const terminated = text + '\0';
  const wanted = String.fromCharCode(Number(character));
  return pointerInto(call, last ? terminated.lastIndexOf(wanted) : terminated.indexOf(wanted));
}

function findString(call: FunctionCall): Value | null {
  const [text, wanted] = [call.string(0), call.string(1)];
  return text === null || wanted === null ? null : pointerInto(call, text.indexOf(wanted));
}

/** skip_spaces() */
function skipLeading(call: FunctionCall): Value | null {
  const text = call.string(0);
  return text === null ? null : pointerInto(call, text.length - skipSpaces(text).length);
}

/** match_string() and __sysfs_match_string(): the index of a string in an array that NULL may end early. */
function match(equal: (a: string, b: string) => boolean): KernelFunction {
  return call => {
    const [array, count, wanted] = [call.pointer(0), call.unsigned(1, 8), call.string(2)];
    if (array === null || count === null || wanted === null) return null;
    for (let i = 0; BigInt(i) < count; i++) {
      const item = call.memory.read(array + BigInt(8 * i), 8);
      if (!item || item.unknown !== 0n || i === MOST_ITEMS) return null;
      if (item.bits === 0n) break;
      const text = call.stringAt(item.bits);
      if (text === null) return null;
      if (equal(text, wanted)) return returnedInt(i);
    }
    return returnedInt(-EINVAL);
  };
}

function memcmp(call: FunctionCall): Value | null {
  const [a, b, count] = [call.pointer(0), call.pointer(1), call.unsigned(2, 8)];
  if (a === null || b === null || count === null || count > MOST_COMPARED) return null;
  for (let i = 0n; i < count; i++) {
    const [x, y] = [call.memory.byte(a + i), call.memory.byte(b + i)];
    if (x === null || y === null) return null;
    if (x !== y) return returnedInt(x - y);
  }
  return returnedInt(0);
}

function length(text: string | null): Value | null {
  return text === null ? null : known(BigInt(text.length));
}

const equals = (a: string, b: string): boolean => a === b;

export const KERNEL_STRINGS: readonly (readonly [string, KernelFunction])[] = [
  ['strcmp', ofStrings((a, b) => returnedInt(compare(a, b)))],
  ['strncmp', ofLimitedStrings((a, b) => returnedInt(compare(a, b)))],
  ['strcasecmp', ofStrings((a, b) => returnedInt(compareFolded(a, b)))],
  ['strncasecmp', ofLimitedStrings((a, b) => returnedInt(compareFoldedLimited(a, b)))],
  ['sysfs_streq', ofStrings((a, b) => returned(sysfsEqual(a, b) ? 1n : 0n, 1))],
  ['strlen', call => length(call.string(0))],
  [
    'strnlen',
    call => {
      const most = call.unsigned(1, 8);
      return most === null ? null : length(call.limitedString(0, most));
    },
  ],
  ['strchr', call => findCharacter(call, false)],
  ['strrchr', call => findCharacter(call, true)],
  ['strstr', findString],
  ['match_string', match(equals)],
  ['__sysfs_match_string', match(sysfsEqual)],
  ['memcmp', memcmp],
  ['skip_spaces', skipLeading],
];
