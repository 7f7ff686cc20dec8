// Module files as they lie on disk: plain, or compressed as kbuild's modules_install can leave them.
import * as zlib from 'node:zlib';
import { InputError, readBytes } from './files';
import { Pacer } from './pacer';

export type Compression = 'none' | 'gzip' | 'xz' | 'zstd';

export interface ModuleFile {
  /** The module itself, decompressed. */
  readonly bytes: Uint8Array;
  readonly compression: Compression;
}

/** No module is larger by far; a file that claims to be is a mistake or a bomb. In bytes. */
export const MAX_DECOMPRESSED = 2 ** 30;

/** Code and debug information never get that much smaller; what does is made to fill memory. */
const MOST_TIMES = 32;
/** Small modules may have large tables of zeros. In bytes. */
const ALWAYS_ALLOWED = 2 ** 27;

/** How many bytes a file of `packed` bytes may become. */
export function decompressionLimit(packed: number): number {
  return Math.min(MAX_DECOMPRESSED, Math.max(ALWAYS_ALLOWED, MOST_TIMES * packed));
}

/**
 * Reads a module. Compression is told by the first bytes, not by the name; what is none of the three formats is
 * returned as it is. Throws {@link InputError}: unreadable, corrupted, or larger than `limit` bytes when decompressed.
 */
export async function readModule(path: string, limit?: number): Promise<ModuleFile> {
  const file = readBytes(path, MAX_DECOMPRESSED);
  return { bytes: await unpackModule(path, file, limit), compression: compressionOf(file) };
}

/** The module in the bytes of a file: themselves unless they are compressed. Throws as {@link readModule}. */
export async function unpackModule(
  path: string,
  file: Uint8Array,
  limit = decompressionLimit(file.length),
): Promise<Uint8Array> {
  const compression = compressionOf(file);
  if (compression === 'none') return file;
  try {
    return await DECOMPRESS[compression](file, limit);
  } catch (error) {
    if (error instanceof TooLarge || (error instanceof RangeError && 'code' in error)) {
      throw new InputError(path, `decompresses to more than ${limit} bytes`);
    }
    throw new InputError(path, `corrupted ${compression} data`);
  }
}

/** Which of the three formats a file starts with. */
export function compressionOf(file: Uint8Array): Compression {
  const starts = (...magic: number[]): boolean => magic.every((byte, i) => file[i] === byte);
  if (starts(0x1f, 0x8b)) return 'gzip';
  if (starts(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)) return 'xz';
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  return 'none';
}

class TooLarge extends Error {}

const DECOMPRESS: Readonly<Record<'gzip' | 'xz' | 'zstd', (file: Uint8Array, limit: number) => Promise<Uint8Array>>> = {
  gzip: async (file, limit) => zlib.gunzipSync(file, { maxOutputLength: limit }),
  xz: unxz,
  zstd: unzstd,
};

/** The library is loaded only when there is something to decompress: it carries a WebAssembly decoder. */
async function unxz(file: Uint8Array, limit: number): Promise<Uint8Array> {
  const { XzReadableStream } = await import('xz-decompress');
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      // A copy: the decoder may keep or transfer the buffer, and small files share one with others.
      controller.enqueue(new Uint8Array(file));
      controller.close();
    },
  });
  const output = collector(limit);
  const reader = new XzReadableStream(source).getReader();
  // The largest modules take half a second, for which nobody else should have to wait.
  const pacer = new Pacer();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    output.add(part.value);
    await pacer.breathe();
  }
  return output.join();
}

/** zlib's functions since Node 22.15. */
interface ZstdInZlib {
  readonly zstdDecompressSync?: (data: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;
}

async function unzstd(file: Uint8Array, limit: number): Promise<Uint8Array> {
  const { zstdDecompressSync } = zlib as ZstdInZlib;
  if (zstdDecompressSync) return zstdDecompressSync(file, { maxOutputLength: limit });
  const { Decompress } = await import('fzstd');
  const output = collector(limit);
  let whole = false;
  const stream = new Decompress((chunk, final) => {
    output.add(chunk);
    whole = final === true;
  });
  stream.push(file, true);
  if (!whole) throw new Error('unexpected end');
  return output.join();
}

/** Gathers pieces and gives up past the limit. */
function collector(limit: number): { add(piece: Uint8Array): void; join(): Uint8Array } {
  const pieces: Uint8Array[] = [];
  let total = 0;
  return {
    add(piece) {
      total += piece.length;
      if (total > limit) throw new TooLarge();
      pieces.push(piece);
    },
    join: () => Buffer.concat(pieces, total),
  };
}
