// Where the types of raw BTF stand, for recipes that change them.

export interface ParsedType {
  /** Counted from 1 in this blob, whatever it builds on. */
  readonly id: number;
  readonly kind: number;
  readonly name: string;
  readonly info: number;
  /** Bytes from the start of the blob. */
  readonly offset: number;
  readonly words: number;
}

export interface ParsedBtf {
  readonly types: readonly ParsedType[];
  /** Where the strings stand, in bytes from the start of the blob. */
  readonly strings: number;
  readonly stringLength: number;
}

const NAMES =
  'void int ptr array struct union enum fwd typedef volatile const restrict func func_proto var datasec float decl_tag type_tag enum64';
/** 32-bit words behind the first three: once, and for each of vlen. */
const WORDS: Readonly<Record<number, readonly [once: number, each: number]>> = {
  1: [1, 0],
  3: [3, 0],
  4: [0, 3],
  5: [0, 3],
  6: [0, 2],
  13: [0, 2],
  14: [1, 0],
  15: [0, 3],
  17: [1, 0],
  19: [0, 3],
};

/** The types of sound, little-endian BTF. */
export function parsedBtf(bytes: Uint8Array): ParsedBtf {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): number => view.getUint32(at, true);
  const header = word(4);
  const end = header + word(8) + word(12);
  const types: ParsedType[] = [];
  for (let offset = header + word(8); offset < end;) {
    const info = word(offset + 4);
    const kind = (info >>> 24) & 0x1f;
    const [once, each] = WORDS[kind] ?? [0, 0];
    const words = 3 + once + each * (info & 0xffff);
    types.push({ id: types.length + 1, kind, name: NAMES.split(' ')[kind] ?? '', info, offset, words });
    offset += 4 * words;
  }
  return { types, strings: header + word(16), stringLength: word(20) };
}
