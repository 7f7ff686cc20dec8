// Unpacks compressed debug sections.
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import type { Inflate } from '../../formats/dwarf/sections';

interface ZstdInZlib {
  readonly zstdDecompressSync?: (data: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;
}

/** Unpacks to at most `size` bytes; null when the data is damaged. */
export const inflate: Inflate = (format, bytes, size) => {
  try {
    if (format === 'zlib') return zlib.inflateSync(bytes, { maxOutputLength: Math.max(size, 1) });
    const { zstdDecompressSync } = zlib as ZstdInZlib;
    return zstdDecompressSync ? zstdDecompressSync(bytes, { maxOutputLength: size }) : unzstd(bytes, size);
  } catch {
    return null;
  }
};

function unzstd(bytes: Uint8Array, size: number): Uint8Array | null {
  const whole = new Uint8Array(size);
  let at = 0;
  const stream = new Decompress(chunk => {
    // set() throws past the end: more than the header promised.
    whole.set(chunk, at);
    at += chunk.length;
  });
  stream.push(bytes, true);
  return at === size ? whole : null;
}
