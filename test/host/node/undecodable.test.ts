// What a kernel's decoder refuses at the beginning of a file: told from the first bytes as unpacking itself tells it, and reported
// where others unpack.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readModule } from '../../../src/host/node/decompress';
import { kernelDecompress } from '../../../src/host/node/kernelDecompress';
import { decoderRefuses, PACKED_HEAD } from '../../../src/linux/kernel/module/moduleDecompress';
import { System } from '../../../src/index';
import { insmodLens } from '../../support/command';
import { configured, fixturePath, snapshotOf } from '../../support/recorded';
import { ensurePrograms } from '../../kernel/lib/machine';

const directory = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-undecodable-'));
after(() => rmSync(directory, { recursive: true }));
const plain = readFileSync(fixturePath('6.12', 'minimal'));
const missing = ensurePrograms('modules packed by xz', ['xz']) ?? false;

const packedBy = (...args: string[]): Buffer => execFileSync('xz', ['--stdout', ...args], { input: plain });

test('xz: every check of the contents, as the decoder answers', { skip: missing }, () => {
  for (const check of ['none', 'crc32', 'crc64', 'sha256']) {
    const packed = packedBy(`--check=${check}`);
    const problem = decoderRefuses(packed.subarray(0, PACKED_HEAD), 'xz');
    assert.equal(problem === null, kernelDecompress(packed, 'xz').kind === 'unpacked', check);
    assert.equal(problem, check === 'none' || check === 'crc32' ? null : 'xz-check');
  }
});

/** A gzip file with other fields in its header (RFC 1952, 2.3.1). */
function withFields(flags: number, fields: Buffer): Buffer {
  const packed = gzipSync(plain);
  const header = Buffer.from(packed.subarray(0, 10));
  header[3] = flags;
  return Buffer.concat([header, fields, packed.subarray(10)]);
}

test('gzip: only the name is skipped', () => {
  for (const [flags, fields, problem] of [
    [0, '', null],
    [8, 'minimal.ko\0', null],
    [16, 'a comment\0', 'gzip-fields'],
    [4, '\x02\0ab', 'gzip-fields'],
    [2, '\0\0', 'gzip-fields'],
  ] as const)
    assert.equal(decoderRefuses(withFields(flags, Buffer.from(fields, 'latin1')), 'gzip'), problem, String(flags));
});

test('zstd: a header with the reserved bit', () => {
  assert.equal(decoderRefuses(Buffer.from('28b52ffd2400', 'hex'), 'zstd'), null);
  assert.equal(decoderRefuses(Buffer.from('28b52ffd2800', 'hex'), 'zstd'), 'frame-header');
});

test('reported where the kernel unpacks that format, and the module loads', { skip: missing }, async () => {
  const file = path.join(directory, 'minimal.ko.xz');
  const codesOn = async (config: Record<string, string | null>): Promise<string[]> => {
    const { verdict, findings } = new System(configured('6.12', config)).insmod(await readModule(file));
    assert.equal(verdict, 'loads');
    return findings.map(({ code }) => code).filter(code => code === 'undecodable');
  };
  writeFileSync(file, packedBy('--check=crc64'));
  assert.deepEqual(await codesOn({}), ['undecodable']);
  assert.deepEqual(await codesOn({ MODULE_DECOMPRESS: null }), []);
  writeFileSync(file, packedBy('--check=crc32'));
  assert.deepEqual(await codesOn({}), []);
});

test('check names the file among others, and finds nothing refused', { skip: missing }, async () => {
  for (const [name, check] of [
    ['one', 'crc32'],
    ['other', 'crc64'],
  ] as const)
    writeFileSync(path.join(directory, `${name}.ko.xz`), packedBy(`--check=${check}`));
  const { status, stdout } = await insmodLens(
    'check',
    '--no-cache',
    '--kernel',
    snapshotOf('6.12'),
    path.join(directory, 'one.ko.xz'),
    path.join(directory, 'other.ko.xz'),
  );
  assert.equal(status, 0);
  assert.match(stdout, /other\.ko\.xz[^]*undecodable/);
  assert.doesNotMatch(stdout, /one\.ko\.xz[^]*undecodable[^]*other/);
});
