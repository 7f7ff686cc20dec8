// Files cut where a structure begins or ends, and signature trailers byte by byte.
import type { KoFile } from '../../lib/koFile';
import { insmod, reshaped, testCase, type Kit, type Topic } from '../kit';

const MARKER = Buffer.from('~Module signature appended~\n');
const INFO_SIZE = 12;
const BLOB = Buffer.from('3082010a'.padEnd(160, '5a'), 'hex');

/** Where something starts or stops, each with the byte before; the middle of every structure is before some other. */
function cuts(ko: KoFile): number[] {
  const starts = ko.sections.flatMap(s => [s.sh_offset, s.sh_offset + (s.name === '.bss' ? 0 : s.sh_size)]);
  const headers = ko.sections.map(s => ko.shdrAt(s.index));
  const all = [...starts, ...headers, ...headers.map(at => at + 32)].flatMap(at => [at, at - 1]);
  return [...new Set(all)].filter(at => at > 0 && at < ko.bytes.length).sort((a, b) => a - b);
}

function truncations(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('notext');
  return cuts(ko).map(truncate => reshaped(`wide/cut/${truncate}`, ko, { truncate }));
}

function trailer(sigLen: number, blob: Buffer = BLOB): Buffer {
  const info = Buffer.alloc(INFO_SIZE);
  info[2] = 2;
  info.writeUInt32BE(sigLen, 8);
  return Buffer.concat([blob, info, MARKER]);
}

function withByte(bytes: Buffer, at: number, change: number): string {
  const copy = Buffer.from(bytes);
  copy[at] = copy.readUInt8(at) ^ change;
  return copy.toString('hex');
}

function trailers(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('noinit');
  const good = trailer(BLOB.length);
  const size = ko.bytes.length + BLOB.length;
  const shape = (name: string, append: string): ReturnType<typeof testCase> =>
    testCase(`wide/trailer/${name}`, insmod(ko.module([], { append })));
  const info = Array.from({ length: INFO_SIZE }, (_, i) =>
    [1, 0x80].map(change => shape(`info-${i}-${change}`, withByte(good, BLOB.length + i, change))),
  ).flat();
  const marker = [0, 1, 13, 26, 27].map(i => shape(`marker-${i}`, withByte(good, BLOB.length + INFO_SIZE + i, 0x20)));
  const lengths = [
    ...[0, 1, 2, BLOB.length - 1, BLOB.length + 1, size - 1, size, size + 1, size + INFO_SIZE],
    ...[size + INFO_SIZE + MARKER.length, 0x7fffffff, 0x80000000, 0xfffffff4, 0xffffffff],
  ].map(length => shape(`length-${length - size}`, trailer(length).toString('hex')));
  const cut = [1, MARKER.length, MARKER.length + 1, MARKER.length + INFO_SIZE].map(less =>
    shape(`cut-${less}`, good.subarray(0, good.length - less).toString('hex')),
  );
  return [...info, ...marker, ...lengths, ...cut, shape('twice', Buffer.concat([good, good]).toString('hex'))];
}

export const borders: Topic = kit => [...truncations(kit), ...trailers(kit)];
