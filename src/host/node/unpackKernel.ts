// Unpacking kernels: formats and sizes that modules do not have.
import * as zlib from 'node:zlib';
import { collector } from '../../formats/bytes/packed';
import { crc32 } from '../../formats/bytes/crc32';
import { unfilter } from '../../formats/image/branchFilters';
import type { Packing } from '../../formats/image/packing';
import { plainXz } from '../../formats/image/xzStream';
import { zstdFrame } from '../../formats/image/zstdFrame';
import { drain } from '../services/drain';
import { Pacer } from './pacer';

/** Far more than any kernel takes, in bytes. */
const MOST_KERNEL = 2 ** 28;

/**
 * Unpacks one stream at the start of `bytes`, whatever follows it; null when it is damaged, becomes more than
 * {@link MOST_KERNEL}, or when there is no library for it.
 */
export async function unpackKernel(packing: Packing, bytes: Uint8Array): Promise<Uint8Array | null> {
  try {
    return await UNPACK[packing](bytes);
  } catch {
    // Damage has as many names as there are libraries; for the caller there is one.
    return null;
  }
}

type Unpack = (bytes: Uint8Array) => Promise<Uint8Array | null>;

const UNPACK: Readonly<Record<Packing, Unpack>> = {
  gzip: async bytes => zlib.gunzipSync(bytes, { maxOutputLength: MOST_KERNEL }),
  xz: unxz,
  zstd: unzstd,
  lzma: unlzma,
  lz4: unlz4,
  bzip2: unbzip2,
  // No library that is kept, free to use and without native code is known.
  lzo: async () => null,
};

async function unxz(bytes: Uint8Array): Promise<Uint8Array | null> {
  const plain = plainXz(bytes);
  if (!plain || plain.unpacked > MOST_KERNEL) return null;
  const { XzReadableStream } = await import('xz-decompress');
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(plain.stream);
      controller.close();
    },
  });
  const output = collector(plain.unpacked);
  const pacer = new Pacer();
  await drain(new XzReadableStream(source), output, () => pacer.breathe());
  const kernel = output.join();
  for (const { start, end, filters, crc } of plain.blocks) {
    const block = kernel.subarray(start, end);
    for (const id of filters) unfilter(id, block);
    if (crc !== null && checksum(block) !== crc) return null;
  }
  return kernel;
}

/** zlib's own since Node 20.15, many times faster. */
const checksum = (zlib as { readonly crc32?: (bytes: Uint8Array) => number }).crc32 ?? crc32;

/** zlib's function since Node 22.15. */
interface ZstdInZlib {
  readonly zstdDecompressSync?: (data: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;
}

async function unzstd(bytes: Uint8Array): Promise<Uint8Array | null> {
  const frame = zstdFrame(bytes);
  if (!frame || frame.atMost > MOST_KERNEL) return null;
  const packed = bytes.subarray(0, frame.length);
  const { zstdDecompressSync } = zlib as ZstdInZlib;
  if (zstdDecompressSync) return zstdDecompressSync(packed, { maxOutputLength: MOST_KERNEL });
  const { ZSTDDecoder } = await import('zstddec');
  const decoder = new ZSTDDecoder();
  await decoder.init();
  const kernel = decoder.decode(packed, frame.atMost);
  // It says nothing of damage but that nothing comes out.
  return kernel.length > 0 ? kernel : null;
}

async function unlzma(bytes: Uint8Array): Promise<Uint8Array | null> {
  const { decompress } = await import('lzma1');
  return decompress(bytes);
}

async function unbzip2(bytes: Uint8Array): Promise<Uint8Array | null> {
  const { default: bzip2 } = await import('unbzip2-stream/lib/bzip2.js');
  const output = collector(MOST_KERNEL);
  let piece = new Uint8Array(BZIP2_PIECE);
  let filled = 0;
  const write = (byte: number): void => {
    piece[filled++] = byte;
    if (filled < piece.length) return;
    output.add(piece);
    piece = new Uint8Array(BZIP2_PIECE);
    filled = 0;
  };
  const bits = bzip2.array(bytes);
  const blockSize = 100_000 * bzip2.header(bits);
  const block = new Int32Array(blockSize);
  // Block by block, each with the checksum so far; behind the last one there is none.
  let checksumSoFar: number | null = 0;
  while (checksumSoFar !== null) checksumSoFar = bzip2.decompress(bits, write, block, blockSize, checksumSoFar);
  output.add(piece.subarray(0, filled));
  return output.join();
}

/** Bytes that are handed on at once. */
const BZIP2_PIECE = 1 << 20;

/** Bytes of a block of the legacy frame, but for the last one. */
const LZ4_BLOCK = 8 << 20;

/** The legacy frame: blocks behind their sizes, with nothing that says where they end. */
async function unlz4(bytes: Uint8Array): Promise<Uint8Array | null> {
  const { decompressBlock } = await import('lz4js');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const output = collector(MOST_KERNEL);
  for (let at = 4; at + 4 <= bytes.length;) {
    const size = view.getUint32(at, true);
    // What follows the last block is a size of all, or another file.
    if (size === 0 || at + 4 + size > bytes.length) break;
    const block = new Uint8Array(LZ4_BLOCK);
    const length = decompressBlock(bytes, block, at + 4, size, 0);
    output.add(block.subarray(0, length));
    at += 4 + size;
    if (length < LZ4_BLOCK) break;
  }
  return output.join();
}
