// Part of a file as the stream it unpacks to: packages are hundreds of megabytes, of which little is kept.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { packingAt } from '../../../formats/image/packing';
import { note } from '../../../findings/notes';
import { hasXz } from '../check/xzProgram';
import { InputError, withFileParts } from '../files';
import { toOs } from '../osPath';
import { throughProgram, type Bytes } from './throughProgram';

/**
 * The bytes from `start` up to, not including, `end` (to the end of the file without it), unpacked by what they start with.
 * Throws {@link InputError}, also while it is read.
 */
export function unpackedStream(file: string, start: number, end?: number): Bytes {
  const head = withFileParts(file, parts => parts.read(start, HEAD));
  const packed = createReadStream(toOs(file), {
    start,
    ...(end === undefined ? {} : { end: end - 1 }),
    highWaterMark: PIECE,
  });
  const packing = packingAt(head, 0);
  if (packing === null) return packed;
  if (packing in UNPACK) return named(file, packing, UNPACK[packing as keyof typeof UNPACK](packed));
  throw new InputError(file, note('unknown-packing', { name: packing }));
}

/** Bytes that tell how something is packed. */
const HEAD = 64;
const PIECE = 1 << 18;

/** zlib's class since Node 22.15. */
interface ZstdInZlib {
  readonly createZstdDecompress?: () => zlib.Gunzip;
}

const UNPACK: Readonly<Record<'gzip' | 'xz' | 'zstd', (packed: Readable) => Bytes>> = {
  gzip: packed => through(packed, zlib.createGunzip()),
  xz: packed => (hasXz() ? throughProgram(packed, 'xz') : xzByLibrary(packed)),
  zstd: packed => {
    const { createZstdDecompress } = zlib as ZstdInZlib;
    return createZstdDecompress ? through(packed, createZstdDecompress()) : zstdByLibrary(packed);
  },
};

/** A read error is passed on to the reader of the unpacked stream. */
function through(packed: Readable, unpack: zlib.Gunzip): Bytes {
  packed.on('error', error => unpack.destroy(error));
  return packed.pipe(unpack);
}

async function* xzByLibrary(packed: Readable): Bytes {
  const { XzReadableStream } = await import('xz-decompress');
  yield* new XzReadableStream(Readable.toWeb(packed) as ReadableStream<Uint8Array>);
}

async function* zstdByLibrary(packed: Readable): Bytes {
  const { Decompress } = await import('fzstd');
  const ready: Uint8Array[] = [];
  const decoder = new Decompress(piece => ready.push(piece));
  for await (const piece of packed as Bytes) {
    decoder.push(piece);
    yield* ready.splice(0);
  }
  decoder.push(new Uint8Array(), true);
  yield* ready.splice(0);
}

async function* named(file: string, format: string, bytes: Bytes): Bytes {
  try {
    yield* bytes;
  } catch {
    throw new InputError(file, note('data-corrupted', { format }));
  }
}
