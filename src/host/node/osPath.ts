// Names of files as the system has them, which are bytes. A byte that is not part of UTF-8 is kept in a string as a lone
// surrogate, U+DC80 to U+DCFF, as Python does (PEP 383): it cannot come from anything else, and it is turned back here.
import { readFileSync } from 'node:fs';

const KEPT_BYTE = /(?<![\ud800-\udbff])[\udc80-\udcff]/;
const KEPT_BYTES = new RegExp(KEPT_BYTE, 'g');
/** What decoders put in place of bytes they cannot read. */
const REPLACEMENT = '\ufffd';

/** A path for a function of `node:fs`. */
export function toOs(path: string): string | Buffer {
  if (!KEPT_BYTE.test(path)) return path;
  const parts: Buffer[] = [];
  let start = 0;
  for (const { index } of path.matchAll(KEPT_BYTES)) {
    parts.push(Buffer.from(path.slice(start, index)), Buffer.of(path.charCodeAt(index) & 0xff));
    start = index + 1;
  }
  return Buffer.concat([...parts, Buffer.from(path.slice(start))]);
}

/** A name that the system gave. */
export function fromOs(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8');
  if (!text.includes(REPLACEMENT)) return text;
  let path = '';
  for (let at = 0; at < bytes.length;) {
    const length = [1, 2, 3, 4].find(size => isCharacter(bytes.subarray(at, at + size), size));
    path +=
      length === undefined
        ? String.fromCharCode(0xdc00 | (bytes[at] ?? 0))
        : Buffer.from(bytes.subarray(at, at + length)).toString('utf8');
    at += length ?? 1;
  }
  return path;
}

/** Whether these bytes are one character of UTF-8 of that many bytes. */
function isCharacter(bytes: Uint8Array, size: number): boolean {
  const text = Buffer.from(bytes).toString('utf8');
  return bytes.length === size && [...text].length === 1 && Buffer.from(text).equals(bytes);
}

/** The arguments of this process, of which Node replaces what is not UTF-8; those it has where the system tells no more. */
export function argumentsOf(argv: readonly string[]): string[] {
  if (!argv.some(argument => argument.includes(REPLACEMENT))) return [...argv];
  try {
    const words = readFileSync('/proc/self/cmdline').toString('latin1').split('\0').slice(0, -1);
    // Options of Node itself stand before the script.
    const own = words.slice(words.length - argv.length + 2).map(word => fromOs(Buffer.from(word, 'latin1')));
    return [...argv.slice(0, 2), ...own];
  } catch {
    return [...argv];
  }
}
