// ASN.1 values in DER: tag, length, contents (X.690).

/** One value. Offsets are bytes from the start of the array it was read from. */
export interface Tlv {
  /** The identifier byte: class, constructed bit and number. */
  readonly tag: number;
  readonly start: number;
  /** Contents run from `from` to `end`. */
  readonly from: number;
  readonly end: number;
}

export const INTEGER = 0x02;
export const OCTET_STRING = 0x04;
export const OID = 0x06;
export const SEQUENCE = 0x30;
export const SET = 0x31;

/** The value at `at`, or null when it does not lie wholly before `limit` or has a form DER does not know. */
export function readTlv(bytes: Uint8Array, at: number, limit: number): Tlv | null {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || at + 2 > limit) return null;
  // Numbers past 30 take more bytes; nothing signed modules hold has them.
  if ((tag & 0x1f) === 0x1f) return null;
  let length = first;
  let from = at + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) return null;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[from++] ?? 0);
  }
  const end = from + length;
  return from <= limit && end <= limit ? { tag, start: at, from, end } : null;
}

/** The values in a row from `from` to `end`; null when they do not fill it exactly. */
export function readAll(bytes: Uint8Array, from: number, end: number): Tlv[] | null {
  const values: Tlv[] = [];
  for (let at = from; at < end;) {
    const value = readTlv(bytes, at, end);
    if (!value) return null;
    values.push(value);
    at = value.end;
  }
  return values;
}

/** An OBJECT IDENTIFIER's contents in dotted form. */
export function oidText(bytes: Uint8Array, from: number, end: number): string {
  const numbers: number[] = [];
  let value = 0;
  for (let at = from; at < end; at++) {
    const byte = bytes[at] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    // The first two numbers share one.
    if (numbers.length === 0)
      numbers.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
    else numbers.push(value);
    value = 0;
  }
  return numbers.join('.');
}
