// The .xz format (The .xz File Format, 2 and 3). Kernels are packed with branch filters, which the decoder does not have. So a
// stream is written anew: its blocks keep their LZMA2 data, and lose their filters and checks.
import { ByteReader } from '../bytes/byteReader';
import { concat } from '../bytes/concat';
import { crc32 } from '../bytes/crc32';
import { isBranchFilter } from './branchFilters';

/** The same data for a plainer decoder, and what is left to do with what comes out. */
export interface PlainXz {
  /** A whole stream without filters and checks. */
  readonly stream: Uint8Array;
  /** Bytes that come out. */
  readonly unpacked: number;
  /** What is to be undone in each block, in this order of blocks. */
  readonly blocks: readonly XzBlock[];
}

export interface XzBlock {
  /** Where its data is in what comes out. */
  readonly start: number;
  readonly end: number;
  /** Ids of branch filters, the last that was applied first. */
  readonly filters: readonly number[];
  /** CRC32 of the data after that; null where the stream has another check or none. */
  readonly crc: number | null;
}

const STREAM_HEADER = 12;
const LZMA2 = 0x21;
/** Sizes of checks by type (2.1.1.2). */
const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];
const CRC32_CHECK = 1;
/** No kernel is packed in more. */
const MOST_BLOCKS = 4096;

/** Reads the stream at the start of `bytes`; other data may follow it. null when it is damaged or uses other filters. */
export function plainXz(bytes: Uint8Array): PlainXz | null {
  const r = new ByteReader(bytes);
  if (r.length < STREAM_HEADER || r.u32(8) !== crc32(bytes.subarray(6, 8))) return null;
  const check = r.u8(7) & 15;
  const parts: Part[] = [];
  let at = STREAM_HEADER;
  let total = 0;
  // An index starts with a zero, where a block has its header's size.
  while (r.u8(at) !== 0) {
    const block = parts.length < MOST_BLOCKS ? readBlock(r, at) : null;
    if (!block) return null;
    const checkAt = block.dataEnd + (-(block.dataEnd - at) & 3);
    const next = checkAt + (CHECK_SIZES[check] ?? 0);
    if (next >= r.length) return null;
    const crc = check === CRC32_CHECK ? r.u32(checkAt) : null;
    parts.push({ ...block, start: total, end: total + block.unpacked, crc });
    total += block.unpacked;
    at = next;
  }
  return parts.length === 0 || at >= r.length
    ? null
    : { stream: written(bytes, parts), unpacked: total, blocks: parts };
}

interface BlockData {
  readonly dataStart: number;
  readonly dataEnd: number;
  readonly unpacked: number;
  readonly dictionary: number;
  readonly filters: readonly number[];
}

type Part = BlockData & XzBlock;

function readBlock(r: ByteReader, at: number): BlockData | null {
  const size = (r.u8(at) + 1) * 4;
  const flags = r.u8(at + 1);
  if (!r.contains(at, size) || r.u32(at + size - 4) !== crc32(r.bytes.subarray(at, at + size - 4))) return null;
  const cursor = { at: at + 2 };
  if (flags & 0x40) readNumber(r, cursor);
  if (flags & 0x80) readNumber(r, cursor);
  const filters: number[] = [];
  for (let left = (flags & 3) + 1; left > 0; left--) {
    const id = readNumber(r, cursor);
    const length = readNumber(r, cursor);
    if (id === LZMA2 && left === 1 && length === 1) {
      const data = dataOf(r, at + size);
      return data && { dataStart: at + size, ...data, dictionary: r.u8(cursor.at), filters: filters.reverse() };
    }
    // A filter that starts to count elsewhere is not used for kernels.
    if (!isBranchFilter(id) || length !== 0) return null;
    filters.push(id);
  }
  return null;
}

/** Goes over the chunks of LZMA2 data, which say how long they are. */
function dataOf(r: ByteReader, start: number): { dataEnd: number; unpacked: number } | null {
  let unpacked = 0;
  for (let at = start; at < r.length;) {
    const control = r.u8(at);
    if (control === 0) return { dataEnd: at + 1, unpacked };
    const size = r.u8(at + 1) * 256 + r.u8(at + 2) + 1;
    if (control >= 0x80) {
      unpacked += (control & 31) * 65536 + size;
      at += (control >= 0xc0 ? 6 : 5) + r.u8(at + 3) * 256 + r.u8(at + 4) + 1;
    } else if (control <= 2) {
      unpacked += size;
      at += 3 + size;
    } else return null;
  }
  return null;
}

/** A number of up to 63 bits in groups of seven; exact as long as it is a size. */
function readNumber(r: ByteReader, cursor: { at: number }): number {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = r.u8(cursor.at++);
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) break;
  }
  return value;
}

function numberBytes(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return [...bytes, rest];
}

const word = (value: number): number[] => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];

/** Bytes, then zeros up to a multiple of four, then the CRC32 of both. */
function sealed(bytes: readonly number[]): number[] {
  const padded = [...bytes, ...new Array<number>(-bytes.length & 3).fill(0)];
  return [...padded, ...word(crc32(Uint8Array.from(padded)))];
}

/** The least dictionary that holds all of the data: more is never used, and decoders may not have it. */
function dictionaryFor(unpacked: number): number {
  let bits = 0;
  while (bits < MOST_DICTIONARY && (2 + (bits % 2)) * 2 ** (Math.floor(bits / 2) + 11) < unpacked) bits++;
  return bits;
}

/** What stands for 4 GiB (5.3.1). */
const MOST_DICTIONARY = 40;

function written(bytes: Uint8Array, parts: readonly Part[]): Uint8Array {
  const noCheck = [0, 0];
  const pieces: Uint8Array[] = [
    Uint8Array.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, ...noCheck, ...word(crc32(Uint8Array.from(noCheck)))]),
  ];
  const records: number[] = [];
  for (const { dataStart, dataEnd, dictionary, unpacked } of parts) {
    // Three words, of which the last is the checksum.
    const header = sealed([2, 0, LZMA2, 1, Math.min(dictionary, dictionaryFor(unpacked))]);
    const size = header.length + dataEnd - dataStart;
    pieces.push(Uint8Array.from(header), bytes.subarray(dataStart, dataEnd), new Uint8Array(-size & 3));
    records.push(...numberBytes(size), ...numberBytes(unpacked));
  }
  const index = sealed([0, ...numberBytes(parts.length), ...records]);
  const footer = [...word(index.length / 4 - 1), ...noCheck];
  pieces.push(Uint8Array.from([...index, ...word(crc32(Uint8Array.from(footer))), ...footer, 0x59, 0x5a]));
  return concat(pieces);
}
