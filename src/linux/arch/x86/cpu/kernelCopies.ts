// Functions of lib/string.c that copy and fill.
import { toBytes } from '../../../../formats/bytes/strings';
import { isSpace, skipSpaces } from '../../../../target/cmdline';
import { E2BIG } from '../../../errno';
import { returned, type FunctionCall, type KernelFunction } from './functionCall';
import { known, unknownValue, type Value } from './value';

const MOST_COPIED = 1n << 12n;
/** Since 4.3 strings are copied word by word where that is possible. */
const WORD = 8;

/** memcpy() and memmove(): bytes are read before any is written. */
function copy(call: FunctionCall): Value | null {
  const [to, from, count] = [call.pointer(0), call.pointer(1), call.unsigned(2, 8)];
  if (to === null || from === null || count === null || count > MOST_COPIED) return null;
  const bytes = Array.from({ length: Number(count) }, (_, i) => call.memory.read(from + BigInt(i), 1));
  const copied = bytes.every((byte, i) => byte !== null && call.memory.write(to + BigInt(i), 1, byte));
  return copied ? known(to) : null;
}

function fill(call: FunctionCall): Value | null {
  const [to, byte, count] = [call.pointer(0), call.unsigned(1, 1), call.unsigned(2, 8)];
  if (to === null || byte === null || count === null || count > MOST_COPIED) return null;
  for (let i = 0n; i < count; i++) if (!call.memory.write(to + i, 1, known(byte, 1))) return null;
  return known(to);
}

function put(call: FunctionCall, to: bigint, text: string): boolean {
  return [...toBytes(text)].every((byte, i) => call.memory.write(to + BigInt(i), 1, known(BigInt(byte), 1)));
}

function strcpy(call: FunctionCall): Value | null {
  const [to, text] = [call.pointer(0), call.string(1)];
  return to !== null && text !== null && put(call, to, text + '\0') ? known(to) : null;
}

/** What is left of the room is filled with NULs; where there is none, none is written. */
function strncpy(call: FunctionCall): Value | null {
  const [to, count] = [call.pointer(0), call.unsigned(2, 8)];
  if (to === null || count === null || count > MOST_COPIED) return null;
  const text = call.limitedString(1, count);
  return text !== null && put(call, to, text.padEnd(Number(count), '\0')) ? known(to) : null;
}

/** strscpy(): whether the rest of the last word is cleared depends on how it was copied, so it is not known. */
function strscpy(call: FunctionCall): Value | null {
  const [to, text, count] = [call.pointer(0), call.string(1), call.unsigned(2, 8)];
  if (to === null || text === null || count === null || count === 0n || count > MOST_COPIED) return null;
  const room = Number(count);
  const copied = text.slice(0, room - 1);
  if (!put(call, to, copied + '\0')) return null;
  const end = Math.min(room, Math.ceil((copied.length + 1) / WORD) * WORD);
  for (let i = copied.length + 1; i < end; i++) if (!call.memory.write(to + BigInt(i), 1, unknownValue(1))) return null;
  return returned(BigInt(copied === text ? text.length : -E2BIG), 8);
}

/** strim(): cuts white space off the end, and returns where it ends at the start. */
function strim(call: FunctionCall): Value | null {
  const [start, text] = [call.pointer(0), call.string(0)];
  if (start === null || text === null) return null;
  let end = text.length;
  while (end > 0 && isSpace(text[end - 1])) end--;
  if (text !== '' && !put(call, start + BigInt(end), '\0')) return null;
  const trimmed = text.slice(0, end);
  return known(start + BigInt(trimmed.length - skipSpaces(trimmed).length));
}

export const KERNEL_COPIES: readonly (readonly [string, KernelFunction])[] = [
  ['memcpy', copy],
  ['memmove', copy],
  ['memset', fill],
  ['strcpy', strcpy],
  ['strncpy', strncpy],
  ['strscpy', strscpy],
  ['sized_strscpy', strscpy],
  ['strim', strim],
];
