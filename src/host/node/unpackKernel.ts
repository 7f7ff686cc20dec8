// Unpacking kernels: formats and sizes that modules do not have.
import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { MOST_KERNEL, collector, decompressionLimit } from '../../formats/bytes/packed';
import { crc32 } from '../../formats/bytes/crc32';
import { unfilter } from '../../formats/image/branchFilters';
import type { Packing } from '../../formats/image/packing';
import { plainXz } from '../../formats/image/xzStream';
import { zstdFrame } from '../../formats/image/zstdFrame';
import { drain } from '../services/drain';
import { throughProgram } from './packages/throughProgram';
import { Pacer } from './pacer';

/**
 * Unpacks one stream at the start of `bytes`; other data may follow it. null when the stream is damaged or becomes larger than a
 * kernel packed in so many bytes can be, and when what unpacks the format is missing.
 */
export async function unpackKernel(packing: Packing, bytes: Uint8Array): Promise<Uint8Array | null> {
  try {
    return await UNPACK[packing](bytes, Math.min(MOST_KERNEL, decompressionLimit(bytes.length)));
  } catch {
    // Damage has as many names as there are libraries; for the caller there is one.
    return null;
  }
}

/** Gives at most `most` bytes. */
type Unpack = (bytes: Uint8Array, most: number) => Promise<Uint8Array | null>;

const UNPACK: Readonly<Record<Packing, Unpack>> = {
  gzip: async (bytes, maxOutputLength) => zlib.gunzipSync(bytes, { maxOutputLength }),
  xz: unxz,
  zstd: unzstd,
  lzma: unlzma,
  lz4: unlz4,
  bzip2: unbzip2,
  lzo: unlzo,
};

async function unxz(bytes: Uint8Array, most: number): Promise<Uint8Array | null> {
  const plain = plainXz(bytes);
  if (!plain || plain.unpacked > most) return null;
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

async function unzstd(bytes: Uint8Array, most: number): Promise<Uint8Array | null> {
  const frame = zstdFrame(bytes);
  if (!frame || frame.atMost > most) return null;
  const packed = bytes.subarray(0, frame.length);
  const { zstdDecompressSync } = zlib as ZstdInZlib;
  if (zstdDecompressSync) return zstdDecompressSync(packed, { maxOutputLength: most });
  const { ZSTDDecoder } = await import('zstddec');
  const decoder = new ZSTDDecoder();
  await decoder.init();
  const kernel = decoder.decode(packed, frame.atMost);
  // It says nothing of damage but that nothing comes out.
  return kernel.length > 0 ? kernel : null;
}

/** Where the header of an .lzma file has the size of the dictionary and of what comes out (lzma-file-format.txt, 1.1). */
const LZMA_DICTIONARY = 1;
const LZMA_SIZE = 5;
const UNKNOWN_SIZE = 2n ** 64n - 1n;

/** The library believes both sizes: larger ones are replaced by the limit, at which it then stops. */
async function unlzma(bytes: Uint8Array, most: number): Promise<Uint8Array | null> {
  const bounded = bytes.slice();
  const header = new DataView(bounded.buffer);
  const size = header.getBigUint64(LZMA_SIZE, true);
  if (size !== UNKNOWN_SIZE && size > most) return null;
  if (size === UNKNOWN_SIZE) header.setBigUint64(LZMA_SIZE, BigInt(most), true);
  // No distance is longer than what comes out.
  if (header.getUint32(LZMA_DICTIONARY, true) > most) header.setUint32(LZMA_DICTIONARY, most, true);
  const { decompress } = await import('lzma1');
  const kernel = decompress(bounded);
  return kernel.length < most ? kernel : null;
}

async function unbzip2(bytes: Uint8Array, most: number): Promise<Uint8Array | null> {
  const { default: bzip2 } = await import('unbzip2-stream/lib/bzip2.js');
  const output = collector(most);
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
async function unlz4(bytes: Uint8Array, most: number): Promise<Uint8Array | null> {
  const { decompressBlock } = await import('lz4js');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const output = collector(most);
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

/** The status of lzop(1): all went well, or other data follow what it unpacked. */
const UNPACKED_BY_LZOP = [0, 2];

/** With the program: no library for it is kept, free to use and without native code. */
async function unlzo(bytes: Uint8Array, most: number): Promise<Uint8Array | null> {
  const output = collector(most);
  for await (const piece of throughProgram(Readable.from([bytes]), 'lzop', UNPACKED_BY_LZOP)) output.add(piece);
  return output.join();
}
