// How kernels are packed, told by the bytes each format starts with (scripts/Makefile.lib: cmd_gzip, cmd_xzkern, cmd_lzma ...).

export type Packing = 'gzip' | 'xz' | 'lzma' | 'zstd' | 'lz4' | 'bzip2' | 'lzo';

const MAGICS: readonly (readonly [Packing, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  // The legacy frame, which is what the kernel's decoder reads.
  ['lz4', [0x02, 0x21, 0x4c, 0x18]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['lzo', [0x89, 0x4c, 0x5a, 0x4f, 0x00, 0x0d, 0x0a, 0x1a, 0x0a]],
  // No magic: the usual parameters, and a dictionary of whole 64 KiB below 2 GiB.
  ['lzma', [0x5d, 0x00, 0x00]],
];

/** "1AY&SY" behind the block size, a digit. */
const BZIP2_BLOCK = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];

const startsAt = (bytes: Uint8Array, at: number, magic: readonly number[]): boolean =>
  magic.every((byte, i) => bytes[at + i] === byte);

/** Which format starts at `at`; null for none. */
export function packingAt(bytes: Uint8Array, at: number): Packing | null {
  for (const [packing, magic] of MAGICS) {
    if (!startsAt(bytes, at, magic)) continue;
    if (packing === 'bzip2' && !startsAt(bytes, at + 4, BZIP2_BLOCK)) continue;
    if (packing === 'lzma' && !isLzma(bytes, at)) continue;
    return packing;
  }
  return null;
}

/** The size that follows the dictionary's is either not known or that of a kernel, below 4 GiB. */
function isLzma(bytes: Uint8Array, at: number): boolean {
  if ((bytes[at + 4] ?? 0x80) >= 0x80) return false;
  const high = [9, 10, 11, 12].map(i => bytes[at + i]);
  const low = [5, 6, 7, 8].map(i => bytes[at + i]);
  const unknown = [...low, ...high].every(byte => byte === 0xff);
  return (unknown || high.every(byte => byte === 0)) && bytes[at + 13] === 0;
}

/** Places where packed data may start, from `from` on, at most `most` of them. Strong marks only. */
export function* packedPlaces(
  bytes: Uint8Array,
  from: number,
  most: number,
): Generator<{ at: number; packing: Packing }> {
  let left = most;
  for (let at = from; at < bytes.length && left > 0; at++) {
    if (FIRST_BYTES[bytes[at] ?? 0] === 0) continue;
    const packing = packingAt(bytes, at);
    if (packing === null) continue;
    left--;
    yield { at, packing };
  }
}

const FIRST_BYTES = new Uint8Array(256);
for (const [, magic] of MAGICS) FIRST_BYTES[magic[0] ?? 0] = 1;
