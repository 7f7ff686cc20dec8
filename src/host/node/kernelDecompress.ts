// Unpacking as the kernel does, without waiting, with the codes its decoders fail with.
import { note } from '../../findings/notes';
import * as zlib from 'node:zlib';
import { Decompress as ZstdDecompress } from 'fzstd';
import type { Decompress, Decompressed } from '../../target/types';
import { isForeignXzCheck, XZ_CHECK_TYPE } from '../../linux/kernel/module/moduleDecompress';
import { collector, decompressionLimit, TooLarge } from '../../formats/bytes/packed';
import { unxzSync, type XzLimits } from './xzSync';

/** @param limits for tests; the kernel itself has none but its memory */
export function kernelDecompress(
  packed: Uint8Array,
  format: Parameters<Decompress>[1],
  limits: XzLimits = { bytes: decompressionLimit(packed.length), milliseconds: 30_000 },
): Decompressed {
  switch (format) {
    case 'gzip':
      return inflate(packed, limits.bytes);
    case 'xz':
      return unxz(packed, limits);
    case 'zstd':
      return unzstd(packed, limits.bytes);
  }
}

/** zlib's own codes, which the kernel's copy shares: -3 for bad data, -5 where it ends too early. */
function inflate(packed: Uint8Array, limit: number): Decompressed {
  try {
    return { kind: 'unpacked', bytes: zlib.inflateRawSync(packed, { maxOutputLength: limit }) };
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    return errno === undefined ? tooLarge(limit) : { kind: 'failed', status: errno };
  }
}

/** enum xz_ret (include/linux/xz.h) */
const XZ_OK = 0;
const XZ_MEM_ERROR = 3;
const XZ_MEMLIMIT_ERROR = 4;
const XZ_OPTIONS_ERROR = 6;
const XZ_BUF_ERROR = 8;
const HEADER_SIZE = 12;

/** The library is XZ Embedded, as in the kernel, but knows more checks, and goes on to a second stream and further. */
function unxz(packed: Uint8Array, limits: XzLimits): Decompressed {
  const foreignCheck = isForeignXzCheck(packed[XZ_CHECK_TYPE]);
  // Of a stream with another check the kernel reads the header only.
  const result = foreignCheck ? unxzSync(packed.subarray(0, HEADER_SIZE), limits) : unxzFirstStream(packed, limits);
  if (result.kind !== 'failed') return result;
  if (result.status === XZ_MEM_ERROR || result.status === XZ_MEMLIMIT_ERROR)
    return { kind: 'unknown', reason: note('dictionary-too-large') };
  if (result.status !== XZ_BUF_ERROR) return result;
  return { kind: 'failed', status: foreignCheck && packed.length >= HEADER_SIZE ? XZ_OPTIONS_ERROR : XZ_OK };
}

function unxzFirstStream(packed: Uint8Array, limits: XzLimits): Decompressed {
  const end = firstFooter(packed);
  const first = unxzSync(packed.subarray(0, end), limits);
  // What looked like the end may have been data.
  return first.kind === 'failed' && end < packed.length ? unxzSync(packed, limits) : first;
}

/** The end of the first four bytes, at a multiple of four, that can end a stream: the header's flags again, and YZ. */
function firstFooter(packed: Uint8Array): number {
  const footer = [packed[XZ_CHECK_TYPE - 1], packed[XZ_CHECK_TYPE], 0x59, 0x5a];
  for (let end = 2 * HEADER_SIZE; end < packed.length; end += 4)
    if (footer.every((byte, i) => packed[end - 4 + i] === byte)) return end;
  return packed.length;
}

/** ZSTD_error_corruption_detected. The library notices less damage than the kernel, and no wrong checksum. */
const CORRUPTION_DETECTED = 20;

/** A frame that ends too early counts as whole: the kernel stops when there is nothing left to read. */
function unzstd(packed: Uint8Array, limit: number): Decompressed {
  const output = collector(limit);
  const stream = new ZstdDecompress(piece => output.add(piece));
  try {
    stream.push(packed);
  } catch (error) {
    return error instanceof TooLarge ? tooLarge(limit) : { kind: 'failed', status: CORRUPTION_DETECTED };
  }
  return { kind: 'unpacked', bytes: output.join() };
}

function tooLarge(limit: number): Decompressed {
  return { kind: 'unknown', reason: note('unpacks-to-more', { bytes: limit }) };
}
