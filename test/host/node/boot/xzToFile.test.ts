// Unpacking an image with the xz program.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { hasXz, xzToFile } from '../../../../src/host/node/check/xzProgram';
import { leftOut } from '../../../support/leftOut';

const scratch = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(scratch, { recursive: true }));

const skip = hasXz() ? false : leftOut('unpacking images with xz', 'needs xz: install xz-utils');
const file = path.join(scratch, 'vmlinux');
const contents = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * i) >> 3));

/** As the kernel's build packs it (scripts/xz_wrap.sh). */
const packed = (): Buffer =>
  execFileSync('xz', ['--check=crc32', '--x86', '--lzma2=dict=1MiB', '--stdout'], { input: contents });

test('what follows the stream is left alone', { skip }, async () => {
  assert.equal(await xzToFile(Buffer.concat([packed(), Buffer.from('more')]), file), true);
  assert.deepEqual(readFileSync(file), contents);
});

test('a damaged stream is left to the library', { skip }, async () => {
  const bytes = packed();
  bytes.fill(0x55, 1000, 1100);
  assert.equal(await xzToFile(bytes, file), false);
});

test('what is no stream is left to the library', { skip }, async () => {
  assert.equal(await xzToFile(Buffer.from('no stream'), file), false);
});
