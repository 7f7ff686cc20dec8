// Module files as they lie on disk: plain, or compressed as kbuild's modules_install can leave them.
import { note } from '../../findings/notes';
import type { Packing } from '../../linux/kernel/module/loadOptions';
import { PACKED_HEAD } from '../../linux/kernel/module/moduleDecompress';
import type { ModuleFile } from '../../system';
import { gunzipSync } from 'node:zlib';
import { collector, compressionOf, decompressionLimit, MAX_DECOMPRESSED, TooLarge } from '../../formats/bytes/packed';
import { drain } from '../services/drain';
import { InputError, readBytes } from './files';
import { Pacer } from './pacer';

/**
 * Reads a module. Compression is told by the first bytes, not by the name; what is none of the three formats is
 * returned as it is. Throws {@link InputError}: unreadable, corrupted, or larger than `limit` bytes when decompressed.
 */
export async function readModule(path: string, limit?: number): Promise<Required<ModuleFile>> {
  const file = readBytes(path, MAX_DECOMPRESSED);
  return { path, bytes: await unpackModule(path, file, limit), ...packingOf(file) };
}

/** What the loader wants to know of the file that a module was unpacked from. */
export function packingOf(file: Uint8Array): Packing {
  const compression = compressionOf(file);
  return compression === 'none'
    ? { compression: null, packedHead: null }
    : // A copy: the rest of the file is not kept.
      { compression, packedHead: file.slice(0, PACKED_HEAD) };
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
      throw new InputError(path, note('decompresses-to-more', { bytes: limit }));
    }
    throw new InputError(path, note('data-corrupted', { format: compression }));
  }
}

const DECOMPRESS: Readonly<Record<'gzip' | 'xz' | 'zstd', (file: Uint8Array, limit: number) => Promise<Uint8Array>>> = {
  gzip: async (file, limit) => gunzipSync(file, { maxOutputLength: limit }),
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
  // The largest modules take half a second, for which nobody else should have to wait.
  const pacer = new Pacer();
  await drain(new XzReadableStream(source), output, () => pacer.breathe());
  return output.join();
}

/** zlib's functions since Node 22.15. */
interface ZstdInZlib {
  readonly zstdDecompressSync?: (data: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;
}

async function unzstd(file: Uint8Array, limit: number): Promise<Uint8Array> {
  const { zstdDecompressSync } = (await import('node:zlib')) as ZstdInZlib;
  if (zstdDecompressSync) return zstdDecompressSync(file, { maxOutputLength: limit });
  const { unzstd: decode } = await import('../services/unzstd');
  return decode(file, limit);
}
