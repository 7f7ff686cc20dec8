// Raw BTF made by hand, as pahole lays it out.

type Words = readonly (readonly number[])[];

/** Types are lists of 32-bit words; a text among them stands for the offset of that name. */
export function rawBtf(types: readonly (readonly (number | string)[])[]): Uint8Array {
  const names = [...new Set(types.flat().filter(word => typeof word === 'string'))];
  const strings = `\0${names.map(name => `${name}\0`).join('')}`;
  const offsetOf = (name: string): number => (name === '' ? 0 : strings.indexOf(`\0${name}\0`) + 1);
  const words = types.map(type => type.map(word => (typeof word === 'string' ? offsetOf(word) : word)));
  return btfOfWords(words, strings);
}

/** Types as words alone. Names are offsets in `strings`, behind those of the blob it builds on. */
export function btfOfWords(types: Words, strings: string): Uint8Array {
  const words = types.flat();
  const bytes = Buffer.alloc(24 + 4 * words.length + strings.length);
  bytes.writeUInt16LE(0xeb9f, 0);
  bytes.writeUInt8(1, 2);
  [24, 0, 4 * words.length, 4 * words.length, strings.length].forEach((value, i) =>
    bytes.writeUInt32LE(value, 4 + 4 * i),
  );
  words.forEach((word, i) => bytes.writeUInt32LE(word >>> 0, 24 + 4 * i));
  bytes.write(strings, 24 + 4 * words.length, 'latin1');
  return new Uint8Array(bytes);
}

/** The word after the name: what kind a type is, of how many parts, and its flag. */
export const info = (kind: number, vlen = 0, flag = 0): number => ((flag << 31) | (kind << 24) | vlen) >>> 0;
