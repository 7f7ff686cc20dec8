// Where a frame of Zstandard ends (RFC 8878, 3.1.1): some decoders take nothing but the frame.
import { ByteReader } from '../bytes/byteReader';

const MAGIC = 0xfd2fb528;
/** Block_Maximum_Size */
const MOST_OF_BLOCK = 128 << 10;

export interface ZstdFrame {
  /** Bytes of the frame. */
  readonly length: number;
  /** No more bytes than that come out; exact where the header says so. */
  readonly atMost: number;
}

/** The frame at the start of `bytes`; other data may follow it. null when it is no frame or ends too early. */
export function zstdFrame(bytes: Uint8Array): ZstdFrame | null {
  const r = new ByteReader(bytes);
  if (r.u32(0) !== MAGIC) return null;
  const descriptor = r.u8(4);
  const isSingle = (descriptor & 0x20) !== 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  let at = 5 + (isSingle ? 0 : 1) + dictionaryBytes;
  const declared = contentSize(r, at, sizeBytes);
  at += sizeBytes;
  let atMost = 0;
  for (;;) {
    if (!r.contains(at, 3)) return null;
    const header = r.u8(at) | (r.u8(at + 1) << 8) | (r.u8(at + 2) << 16);
    const [isLast, type, size] = [header & 1, (header >> 1) & 3, header >>> 3];
    if (type === 3 || size > MOST_OF_BLOCK) return null;
    // A raw block has its size, one of a single byte repeats it so often, and a compressed one may become the most.
    atMost += type === 2 ? MOST_OF_BLOCK : size;
    at += 3 + (type === 1 ? 1 : size);
    if (isLast) break;
  }
  const length = at + (descriptor & 4 ? 4 : 0);
  return length > r.length ? null : { length, atMost: declared ?? atMost };
}

function contentSize(r: ByteReader, at: number, bytes: number): number | null {
  switch (bytes) {
    case 1:
      return r.u8(at);
    case 2:
      return r.u16(at) + 256;
    case 4:
      return r.u32(at);
    case 8:
      return r.size64(at);
    default:
      return null;
  }
}
