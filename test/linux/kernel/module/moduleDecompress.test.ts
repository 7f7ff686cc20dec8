import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { System, type KernelFacts } from '../../../../src/index';
import { readSnapshot } from '../../../../src/host/node/targets';
import { leftOut } from '../../../support/leftOut';

const recorded = path.join(process.env.INSMOD_LENS_ROOT ?? '.', 'test/kernel/recorded');
const facts = (release: string): KernelFacts => readSnapshot(path.join(recorded, release, 'target.json.br'));
const newest = '7.2.12+deb14-amd64';
const xzKernel = facts(newest);
const module = readFileSync(path.join(recorded, newest, 'fixtures/minimal.ko'));
const COMPRESSED_FILE = 4;

/** The same kernel, configured for another format. */
function unpacking(format: 'GZIP' | 'ZSTD'): KernelFacts {
  const others = Object.entries(xzKernel.config).filter(([option]) => option !== 'MODULE_COMPRESS_XZ');
  return { ...xzKernel, config: { ...Object.fromEntries(others), [`MODULE_COMPRESS_${format}`]: 'y' } };
}

/** Verdict, errno and what is logged about the file. */
function insmod(kernel: KernelFacts, bytes: Uint8Array, compression?: 'gzip' | 'xz' | 'zstd'): unknown[] {
  const file = { path: 'minimal.ko', bytes, ...(compression ? { compression } : {}) };
  const { verdict, errno, log } = new System(kernel).insmod(file, '', { flags: COMPRESSED_FILE });
  const lines = log.filter(({ text }) => /compress/i.test(text)).map(({ level, text }) => `${level} ${text}`);
  return [verdict, errno, ...lines];
}

const LOADS = ['loads', 0];
const refused = (line: string): unknown[] => ['refused', 22, `3 ${line}`];

const pack = (command: string, ...args: string[]) => spawnSync(command, args, { input: module, maxBuffer: 2 ** 24 });
const xz = pack('xz', '--check=crc32', '--lzma2=dict=1MiB', '--stdout');
const zstd = pack('zstd', '--stdout');

test('xz as it lies on disk', { skip: xz.status === 0 ? false : leftOut('xz modules', 'xz is not installed') }, () => {
  assert.deepEqual(insmod(xzKernel, xz.stdout), LOADS);
  assert.deepEqual(insmod(xzKernel, xz.stdout.subarray(0, 100)), refused('decompression failed with status 0'));
  const crc64 = pack('xz', '--check=crc64', '--stdout').stdout;
  assert.deepEqual(insmod(xzKernel, crc64), refused('decompression failed with status 6'));
  const damaged = Buffer.from(xz.stdout).fill(0xff, 100, 120);
  assert.deepEqual(insmod(xzKernel, damaged), refused('decompression failed with status 7'));
});

test('a file of another format', () => {
  for (const bytes of [module, gzipSync(module), Buffer.from([0xfd, 0x37])])
    assert.deepEqual(insmod(xzKernel, bytes), refused('not an xz compressed module'));
  assert.deepEqual(insmod(unpacking('GZIP'), module), refused('not a gzip compressed module'));
  assert.deepEqual(insmod(unpacking('ZSTD'), module), refused('not a zstd compressed module'));
});

test('bytes unpacked before, with the format they had', () => {
  assert.deepEqual(insmod(xzKernel, module, 'xz'), LOADS);
  assert.deepEqual(insmod(xzKernel, module, 'gzip'), refused('not an xz compressed module'));
});

test('a kernel that unpacks nothing is silent', () => {
  assert.deepEqual(insmod(facts('6.1.0-50-amd64'), gzipSync(module)), ['refused', 95]);
});

test('gzip: of the header, the kernel skips the name and nothing else that is optional', () => {
  const kernel = unpacking('GZIP');
  const header = (flags: number): Buffer => Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3]);
  const data = deflateRawSync(module);
  const gzip = (flags: number, optional: string): Buffer =>
    Buffer.concat([header(flags), Buffer.from(optional, 'latin1'), data]);
  assert.deepEqual(insmod(kernel, gzipSync(module)), LOADS);
  assert.deepEqual(insmod(kernel, gzip(8, 'minimal.ko\0')), LOADS);
  const endless = Buffer.concat([header(8), Buffer.from('minimal.ko')]);
  assert.deepEqual(insmod(kernel, endless), refused('not a gzip compressed module'));
  assert.deepEqual(insmod(kernel, gzip(16, '\xff\0')), refused('decompression failed with status -3'));
  assert.deepEqual(insmod(kernel, gzipSync(module).subarray(0, 200)), refused('decompression failed with status -5'));
});

test('zstd', { skip: zstd.status === 0 ? false : leftOut('zstd modules', 'zstd is not installed') }, () => {
  const kernel = unpacking('ZSTD');
  assert.deepEqual(insmod(kernel, zstd.stdout), LOADS);
  const cut = zstd.stdout.subarray(0, 5);
  assert.deepEqual(insmod(kernel, cut), refused('ZSTD-compressed data has an incomplete frame header'));
});
