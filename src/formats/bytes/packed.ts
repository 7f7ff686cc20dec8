// What holds for packed files whoever unpacks them: how they are told, and how large they may become.

import { concat } from './concat';

export type PackedFormat = 'none' | 'gzip' | 'xz' | 'zstd';

/** No module is larger by far; a file that claims to be is a mistake or a bomb. In bytes. */
export const MAX_DECOMPRESSED = 2 ** 29;

/** Far more than any kernel takes when it is unpacked. In bytes. */
export const MOST_KERNEL = 2 ** 28;

/** Code and debug information never get that much smaller; what does is made to fill memory. */
const MOST_TIMES = 32;
/** Small modules may have large tables of zeros. In bytes. */
const ALWAYS_ALLOWED = 2 ** 25;

/** How many bytes a file of `packed` bytes may become. */
export function decompressionLimit(packed: number): number {
  return Math.min(MAX_DECOMPRESSED, Math.max(ALWAYS_ALLOWED, MOST_TIMES * packed));
}

/** Which of the three formats a file starts with. */
export function compressionOf(file: Uint8Array): PackedFormat {
  const starts = (...magic: number[]): boolean => magic.every((byte, i) => file[i] === byte);
  if (starts(0x1f, 0x8b)) return 'gzip';
  if (starts(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)) return 'xz';
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  return 'none';
}

/** Thrown by a {@link collector}. */
export class TooLarge extends Error {
  constructor(limit: number) {
    super(`decompresses to more than ${limit} bytes`);
  }
}

export interface Collector {
  /** Throws {@link TooLarge} past the limit. */
  add(piece: Uint8Array): void;
  join(): Uint8Array;
}

/** Gathers pieces, at most `limit` bytes of them. */
export function collector(limit: number): Collector {
  const pieces: Uint8Array[] = [];
  let total = 0;
  return {
    add(piece) {
      total += piece.length;
      if (total > limit) throw new TooLarge(limit);
      pieces.push(piece);
    },
    join: () => concat(pieces),
  };
}
