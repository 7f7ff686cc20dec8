// Unpacks compressed debug sections.
import * as zlib from 'node:zlib';
import type { Inflate } from '../../formats/dwarf/sections';
import { unzstd } from '../services/unzstd';

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
