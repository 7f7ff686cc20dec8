// Tables of 32-bit words, for loops over hundreds of thousands of entries.

const HOST_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * The little-endian 32-bit words of `length` bytes at `offset`; a rest of less than a word is left out, and what lies
 * outside of `bytes` is zero. Shares the memory of `bytes` where this machine can read them in place.
 */
export function littleEndianWords(bytes: Uint8Array, offset: number, length: number): Int32Array {
  const start = bytes.byteOffset + offset;
  const count = Math.floor(length / 4);
  if (HOST_IS_LITTLE_ENDIAN && start % 4 === 0 && offset + 4 * count <= bytes.length)
    return new Int32Array(bytes.buffer, start, count);
  const copy = new Uint8Array(4 * count);
  copy.set(bytes.subarray(offset, offset + copy.length));
  if (HOST_IS_LITTLE_ENDIAN) return new Int32Array(copy.buffer);
  const view = new DataView(copy.buffer);
  return Int32Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true));
}

/** As {@link littleEndianWords}, of big-endian words; always a copy. */
export function bigEndianWords(bytes: Uint8Array, offset: number, length: number): Int32Array {
  const words = new Int32Array(Math.floor(length / 4));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = Math.min(words.length, Math.floor((bytes.length - offset) / 4));
  for (let i = 0; i < count; i++) words[i] = view.getInt32(offset + 4 * i);
  return words;
}
