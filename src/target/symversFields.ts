// Fields of the lines of Module.symvers, in bytes from the start of its text.
import { sameBytes } from '../formats/bytes/hash';
import { toBytes } from '../formats/bytes/strings';

const TAB = 9;
const NEWLINE = 10;
const EXPORT_ = toBytes('EXPORT_');

/** Index of the newline that ends the line at `start`, or the end of the text. */
export function lineEnd(text: Uint8Array, start: number): number {
  const end = text.indexOf(NEWLINE, start);
  return end < 0 ? text.length : end;
}

/** Where the newlines stand, in order. */
export function newlines(text: Uint8Array): Uint32Array {
  const found: number[] = [];
  for (let at = text.indexOf(NEWLINE); at >= 0; at = text.indexOf(NEWLINE, at + 1)) found.push(at);
  return Uint32Array.from(found);
}

/** Index of the tab or newline that ends the field at `start`, or the end of the text. */
export function fieldEnd(text: Uint8Array, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== TAB && text[at] !== NEWLINE) at++;
  return at;
}

/** End of the field after the one that ends at `end`; the line's end when there is no such field. */
export function nextFieldEnd(text: Uint8Array, end: number): number {
  return text[end] === TAB ? fieldEnd(text, end + 1) : end;
}

export function isType(text: Uint8Array, start: number, end: number): boolean {
  return end - start >= EXPORT_.length && sameBytes(text, start, EXPORT_, 0, EXPORT_.length);
}

/**
 * EXPORT_SYMBOL_GPL and EXPORT_UNUSED_SYMBOL_GPL. EXPORT_SYMBOL_GPL_FUTURE (up to 5.11) only warned other modules, so
 * it is not one of them.
 */
export function isGplType(type: string): boolean {
  return type.endsWith('_GPL');
}
