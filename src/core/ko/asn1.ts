// ASN.1 as asn1js decodes it, in plain values. It is loaded on demand only: see node/lazyPkcs7.ts.
import { BaseBlock, Constructed, ObjectIdentifier, fromBER } from 'asn1js';

/** One value. Byte fields are views into what was decoded. */
export interface Asn1Value {
  /** The identifier byte: class, constructed bit and number. */
  readonly tag: number;
  /** All of it, tag and length included. */
  readonly encoded: Uint8Array;
  readonly contents: Uint8Array;
  /** What a SEQUENCE, a SET or an explicit tag holds. */
  readonly children: readonly Asn1Value[];
  /** An OBJECT IDENTIFIER in dotted form; null for everything else. */
  readonly oid: string | null;
}

export const INTEGER = 0x02;
export const OCTET_STRING = 0x04;
export const SEQUENCE = 0x30;
export const SET = 0x31;

/** The value `bytes` start with, whatever follows it; null when there is none. Never throws. */
export function decodeAsn1(bytes: Uint8Array): Asn1Value | null {
  try {
    // Strings of octets and bits are left alone: the kernel does not look for values inside.
    const { offset, result } = fromBER(bytes, { copyInput: false, parseEmbedded: false });
    return offset < 0 ? null : plain(result);
  } catch {
    // asn1js throws for a few contents, such as text that is not well formed.
    return null;
  }
}

/** The children of a value that is there and has this tag, else null. */
export function childrenOf(value: Asn1Value | undefined, tag: number): readonly Asn1Value[] | null {
  return value?.tag === tag ? value.children : null;
}

function plain(block: BaseBlock): Asn1Value {
  const encoded = block.valueBeforeDecodeView;
  const { isIndefiniteForm, blockLength } = block.lenBlock;
  // An indefinite length ends with two zero bytes.
  const end = encoded.length - (isIndefiniteForm ? 2 : 0);
  return {
    tag: encoded[0] ?? 0,
    encoded,
    contents: encoded.subarray(block.idBlock.blockLength + blockLength, end),
    children:
      block instanceof Constructed ? block.valueBlock.value.filter(child => child instanceof BaseBlock).map(plain) : [],
    oid: block instanceof ObjectIdentifier ? block.getValue() : null,
  };
}
