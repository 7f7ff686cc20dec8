// Text in modules is bytes. A "byte string" here is a string with one char (0-255) per byte, as the kernel sees it.

/** Index of the NUL that ends the string at `offset`, or `limit` when there is none before it. */
export function stringEnd(bytes: Uint8Array, offset: number, limit = bytes.length): number {
  if (limit >= bytes.length) {
    const nul = bytes.indexOf(0, offset);
    return nul < 0 || nul > limit ? limit : nul;
  }
  // What lies behind the limit may be megabytes of anything.
  const start = Math.max(0, offset);
  const nul = bytes.subarray(start, limit).indexOf(0);
  return nul < 0 ? limit : start + nul;
}

/**
 * Twice KSYM_NAME_LEN (include/linux/kallsyms.h). A name in a table that runs on is damage, and may run on for as long as
 * the file is, for each of a million entries.
 */
export const LONGEST_NAME = 1024;

/** More entries than any table of a module has by far: symbols wanted, versions, exports, parameters. */
export const MOST_ENTRIES = 50_000;

/** Where the name at `offset` ends, or is cut: see {@link LONGEST_NAME}. */
export function nameEnd(bytes: Uint8Array, offset: number): number {
  return stringEnd(bytes, offset, Math.min(bytes.length, offset + LONGEST_NAME));
}

/** The name at `offset`, of one that runs on its start. A byte string. */
export function nameString(bytes: Uint8Array, offset: number): string {
  return offset < 0 || offset >= bytes.length ? '' : byteString(bytes, offset, nameEnd(bytes, offset));
}

const CHUNK = 4096;

/** The bytes from `start` up to, not including, `end` as a byte string. */
export function byteString(bytes: Uint8Array, start: number, end: number): string {
  const from = Math.max(0, start);
  const to = Math.min(end, bytes.length);
  if (to - from <= CHUNK) return to <= from ? '' : String.fromCharCode.apply(null, toNumbers(bytes.subarray(from, to)));
  let text = '';
  for (let at = from; at < to; at += CHUNK) text += byteString(bytes, at, Math.min(at + CHUNK, to));
  return text;
}

/** `Function.apply` takes any array-like of numbers; its declaration asks for an array. */
function toNumbers(bytes: Uint8Array): number[] {
  return bytes as unknown as number[];
}

/** The NUL-terminated byte string at `offset`; it ends at `limit` when no NUL comes before. */
export function cString(bytes: Uint8Array, offset: number, limit = bytes.length): string {
  return offset < 0 || offset >= limit ? '' : byteString(bytes, offset, stringEnd(bytes, offset, limit));
}

/** The bytes of a byte string. */
export function toBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Whether the bytes at `offset` are `wanted`. */
export function startsWithBytes(bytes: Uint8Array, offset: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[offset + i] !== wanted[i]) return false;
  return true;
}

/** Whether the bytes at `offset` are `wanted` followed by a NUL. */
export function equalsCString(bytes: Uint8Array, offset: number, wanted: Uint8Array): boolean {
  return startsWithBytes(bytes, offset, wanted) && bytes[offset + wanted.length] === 0;
}

/**
 * A byte string as Unicode text: decoded as UTF-8 where it is valid UTF-8, else each byte as one Latin-1 character.
 * What is shown to people and written as JSON goes through here; what is compared does not.
 */
export function decodeUtf8(text: string): string {
  // Only non-ASCII bytes need work; names and log lines rarely have any.
  if (!/[\x80-\xff]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replace(/[^]/g, char => '%' + char.charCodeAt(0).toString(16).padStart(2, '0')));
  } catch {
    return text;
  }
}
