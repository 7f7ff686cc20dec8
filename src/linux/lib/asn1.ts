// ASN.1 with asn1js, as deep as the kernel looks and no deeper. Loaded on demand only: see node/lazyPkcs7.ts.
import { BaseBlock, ObjectIdentifier, ValueBlock, fromBER } from 'asn1js';

/** One value. Byte fields are views into what it was read from. */
export interface Asn1Value {
  /** The identifier byte: class, constructed bit and number. */
  readonly tag: number;
  /** All of it, tag and length included. */
  readonly encoded: Uint8Array;
  readonly contents: Uint8Array;
}

export const INTEGER = 0x02;
export const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
export const SEQUENCE = 0x30;
export const SET = 0x31;

/** Like the kernel (lib/asn1_decoder.c), takes a constructed form where a primitive one is asked for. */
export function hasTag(value: Asn1Value | undefined, tag: number): value is Asn1Value {
  return value !== undefined && (tag & CONSTRUCTED ? value.tag : value.tag & ~CONSTRUCTED) === tag;
}

/** The values inside one that is there and has this tag; null when it has not, or something else is inside. */
export function childrenOf(value: Asn1Value | undefined, tag: number): readonly Asn1Value[] | null {
  if (!hasTag(value, tag)) return null;
  const children: Asn1Value[] = [];
  for (let rest = value.contents; rest.length > 0;) {
    const child = readValue(rest);
    if (!child) return null;
    children.push(child);
    rest = rest.subarray(child.encoded.length);
  }
  return children;
}

/** An OBJECT IDENTIFIER in dotted form, '' for one that is not well formed; null for everything else. */
export function oidOf(value: Asn1Value | undefined): string | null {
  return hasTag(value, OBJECT_IDENTIFIER) ? dottedOid(value.contents) : null;
}

/** The kernel looks the contents up in a table, so malformed ones are merely unknown: ''. */
export function dottedOid(contents: Uint8Array): string {
  const block = new ObjectIdentifier().valueBlock;
  return block.fromBER(contents, 0, contents.length) < 0 ? '' : block.toString();
}

const CONSTRUCTED = 0x20;
const LONG_TAG = 0x1f;
/** The kernel takes lengths of two bytes after the first. */
const MAX_LENGTH_FIELD = 3;

/** The value `bytes` start with, whatever follows it; null when there is none. Never throws. */
export function readValue(bytes: Uint8Array): Asn1Value | null {
  const [tag] = bytes;
  // Numbers past 30 take further bytes, and nothing the kernel reads has them.
  if (tag === undefined || (tag & LONG_TAG) === LONG_TAG) return null;
  const { lenBlock } = new BaseBlock({}, ValueBlock);
  const from = lenBlock.fromBER(bytes, 1, bytes.length - 1);
  if (from < 0 || lenBlock.blockLength > MAX_LENGTH_FIELD) return null;
  if (lenBlock.isIndefiniteForm) return readIndefinite(bytes, from, tag);
  const end = from + lenBlock.length;
  return end <= bytes.length ? { tag, encoded: bytes.subarray(0, end), contents: bytes.subarray(from, end) } : null;
}

/** Only the library knows where a value without a length ends: with the two zeroes that belong to it. */
function readIndefinite(bytes: Uint8Array, from: number, tag: number): Asn1Value | null {
  try {
    const { offset } = fromBER(bytes, { copyInput: false, parseEmbedded: false });
    const ends = offset >= from + 2 && bytes[offset - 1] === 0 && bytes[offset - 2] === 0;
    return ends ? { tag, encoded: bytes.subarray(0, offset), contents: bytes.subarray(from, offset - 2) } : null;
  } catch {
    return null;
  }
}
