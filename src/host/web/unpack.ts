// Unpacking with what a browser has. What grows past its limit is given up at once: nobody may fill a page's memory.
import { note, ReasonedError } from '../../findings/notes';
import { BrotliDecompress } from 'brotli/dec/decode';
import { BrotliInput } from 'brotli/dec/streams';
import { XzReadableStream } from 'xz-decompress';
import { collector, compressionOf, decompressionLimit, TooLarge, type Collector } from '../../formats/bytes/packed';
import { MAX_SNAPSHOT } from '../../target/snapshot';
import { drain } from '../services/drain';
import { unzstd } from '../services/unzstd';

/**
 * The module in the bytes of a file: themselves unless they are packed, which their first bytes tell. Throws a reason for
 * people.
 */
export async function unpackModule(file: Uint8Array, limit = decompressionLimit(file.length)): Promise<Uint8Array> {
  const format = compressionOf(file);
  switch (format) {
    case 'none':
      return file;
    case 'gzip':
      return unpacked(format, limit, output => drain(gunzip(file), output));
    case 'xz':
      return unpacked(format, limit, output => drain(new XzReadableStream(streamOf(file)), output));
    case 'zstd':
      return unpacked(format, limit, output => output.add(unzstd(file, limit)));
  }
}

/** The text of a snapshot. Brotli has no mark of its own: `name` tells. Throws a reason for people. */
export async function unpackSnapshot(name: string, file: Uint8Array): Promise<Uint8Array> {
  if (!name.endsWith('.br')) return unpackModule(file, MAX_SNAPSHOT);
  return unpacked('brotli', MAX_SNAPSHOT, output => unbrotli(file, output));
}

async function unpacked(
  format: string,
  limit: number,
  unpack: (output: Collector) => void | Promise<void>,
): Promise<Uint8Array> {
  const output = collector(limit);
  try {
    await unpack(output);
  } catch (error) {
    if (error instanceof TooLarge) throw new ReasonedError(note('decompresses-to-more', { bytes: limit }));
    throw new ReasonedError(note('data-corrupted', { format }));
  }
  return output.join();
}

/** In slices: what is fed at once is unpacked at once, before anybody can count it. */
const SLICE = 2 ** 16;

function streamOf(file: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      // A copy: decoders may keep or transfer the buffer.
      if (at < file.length) controller.enqueue(file.slice(at, (at += SLICE)));
      else controller.close();
    },
  });
}

function gunzip(file: Uint8Array): ReadableStream<Uint8Array> {
  return streamOf(file).pipeThrough(new DecompressionStream('gzip'));
}

function unbrotli(file: Uint8Array, output: Collector): void {
  BrotliDecompress(new BrotliInput(file), {
    // Otherwise one is made for as much as the file says it holds.
    buffer: { length: Infinity },
    // The decoder writes on in the same bytes.
    write: (bytes, count) => output.add(bytes.slice(0, count)),
  });
}
