// Sizes of builds, kept from one to the next.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import type { BuildSizes } from '../../../src/report/view/growth';
import { buildBefore, rememberBuild } from '../../../src/host/extension/worker/view/builds';

const build = (text: number, release = '6.1'): BuildSizes => ({
  totals: { [release]: [text, 0] },
  sections: { '.text': text },
  symbols: {},
});

test('the build before, and its totals for every kernel', async () => {
  const memory = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-builds-'));
  try {
    assert.equal(await buildBefore(memory, '/a.ko', 'first'), null);
    await rememberBuild(memory, '/a.ko', 'first', build(1));
    assert.equal(await buildBefore(memory, '/a.ko', 'first'), null, 'there was none before');
    await rememberBuild(memory, '/a.ko', 'first', build(1, '7.2'));
    await rememberBuild(memory, '/a.ko', 'second', build(2));
    const before = await buildBefore(memory, '/a.ko', 'second');
    assert.deepEqual(before?.totals, { '6.1': [1, 0], '7.2': [1, 0] });
    // A build that nobody has noted yet follows the one noted last.
    assert.deepEqual((await buildBefore(memory, '/a.ko', 'third'))?.sections, { '.text': 2 });
    assert.equal(await buildBefore(memory, '/b.ko', 'first'), null, 'modules are kept apart');
    assert.equal(readdirSync(memory).length, 1);
    writeFileSync(path.join(memory, readdirSync(memory)[0] ?? ''), 'damaged');
    assert.equal(await buildBefore(memory, '/a.ko', 'second'), null, 'what cannot be read is not there');
  } finally {
    rmSync(memory, { recursive: true, force: true });
  }
});

test('builds noted at once are noted one after the other', async () => {
  const memory = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-builds-'));
  try {
    await Promise.all([1, 2, 3].map(size => rememberBuild(memory, '/a.ko', `build ${size}`, build(size))));
    assert.deepEqual((await buildBefore(memory, '/a.ko', 'build 3'))?.sections, { '.text': 2 });
  } finally {
    rmSync(memory, { recursive: true, force: true });
  }
});
