import { note } from '../../../src/findings/notes';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { kernelDecompress } from '../../../src/host/node/kernelDecompress';
import { ensurePrograms } from '../../kernel/lib/machine';

const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * i) >> 7));
const run = (command: string, ...args: string[]) => spawnSync(command, args, { input: content, maxBuffer: 2 ** 24 });
const withXz = { skip: ensurePrograms('xz as the kernel unpacks it', ['xz']) ?? false };
const withZstd = { skip: ensurePrograms('zstd as the kernel unpacks it', ['zstd']) ?? false };
const xz = run('xz', '--check=crc32', '--stdout');
const zstd = run('zstd', '--stdout');

/** The status of a failure, or how many bytes came out. */
function outcome(packed: Uint8Array, format: 'gzip' | 'xz' | 'zstd'): string {
  const result = kernelDecompress(packed, format);
  if (result.kind === 'unpacked') return `${result.bytes.length} bytes`;
  return result.kind === 'failed' ? `status ${result.status}` : result.reason.id;
}

function damaged(packed: Buffer, at: number): Buffer {
  const copy = Buffer.from(packed);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

test('deflate: whole, with something behind it, cut off, damaged, too large', () => {
  const packed = deflateRawSync(content);
  const result = kernelDecompress(packed, 'gzip');
  assert.ok(result.kind === 'unpacked' && content.equals(result.bytes));
  assert.equal(outcome(Buffer.concat([packed, Buffer.alloc(8)]), 'gzip'), '200000 bytes');
  assert.equal(outcome(packed.subarray(0, 1000), 'gzip'), 'status -5');
  assert.equal(outcome(Buffer.alloc(0), 'gzip'), 'status -5');
  assert.equal(outcome(Buffer.from([0xff, 0xff]), 'gzip'), 'status -3');
  assert.equal(kernelDecompress(packed, 'gzip', { bytes: 1000, milliseconds: 1000 }).kind, 'unknown');
});

test('xz: whole, with something behind it', withXz, () => {
  const result = kernelDecompress(xz.stdout, 'xz');
  assert.ok(result.kind === 'unpacked' && content.equals(result.bytes));
  for (const more of [Buffer.from('and more'), Buffer.alloc(400, 'and more'), xz.stdout])
    assert.equal(outcome(Buffer.concat([xz.stdout, more]), 'xz'), '200000 bytes');
});

test('xz: cut off anywhere is status 0', withXz, () => {
  for (const length of [6, 8, 11, 12, 20, 1000, xz.stdout.length - 1])
    assert.equal(outcome(xz.stdout.subarray(0, length), 'xz'), 'status 0', `${length} bytes`);
});

test('xz: damage is status 7, options the kernel lacks are 6', withXz, () => {
  for (const at of [9, 20, 1000, xz.stdout.length - 3])
    assert.equal(outcome(damaged(xz.stdout, at), 'xz'), 'status 7', `byte ${at}`);
  const crc64 = run('xz', '--check=crc64', '--stdout').stdout;
  assert.equal(outcome(crc64, 'xz'), 'status 6');
  assert.equal(outcome(damaged(crc64, 9), 'xz'), 'status 7');
  assert.equal(outcome(crc64.subarray(0, 11), 'xz'), 'status 0');
  assert.equal(outcome(run('xz', '--check=crc32', '--stdout', '--delta', '--lzma2').stdout, 'xz'), 'status 6');
  assert.equal(outcome(run('xz', '--check=none', '--stdout').stdout, 'xz'), '200000 bytes');
});

test('xz: too much output, too much time', withXz, () => {
  const bomb = kernelDecompress(xz.stdout, 'xz', { bytes: 1000, milliseconds: 30_000 });
  assert.deepEqual(bomb, { kind: 'unknown', reason: note('unpacks-to-more', { bytes: 1000 }) });
  const slow = kernelDecompress(xz.stdout, 'xz', { bytes: 2 ** 30, milliseconds: 0 });
  assert.equal(slow.kind, 'unknown');
});

test('zstd: whole, cut off, damaged', withZstd, () => {
  const result = kernelDecompress(zstd.stdout, 'zstd');
  assert.ok(result.kind === 'unpacked' && content.equals(result.bytes));
  // The kernel notices only that there is nothing left to read.
  assert.match(outcome(zstd.stdout.subarray(0, 1000), 'zstd'), /bytes$/);
  // The type of the first block, which follows magic, descriptor and window.
  const badBlock = Buffer.from(zstd.stdout);
  badBlock[6] = (badBlock[6] ?? 0) | 6;
  assert.equal(outcome(badBlock, 'zstd'), 'status 20');
});
