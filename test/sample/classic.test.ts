// The modules of the books are what their sources make, load on the kernel they were written for, and know each other.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { analyseModule } from '../../src/host/node/analyse';
import type { TargetResult } from '../../src/protocol/analysis';
import { ensurePrograms } from '../kernel/lib/machine';
import { repositoryRoot } from '../kernel/lib/paths';

const classic = path.join(repositoryRoot(), 'media', 'classic');
const names = readdirSync(classic).filter(name => name.endsWith('.ko'));

async function on(release: string, module: string, args = ''): Promise<TargetResult> {
  const target = { path: `profile:${release}-i386` };
  const file = path.join(classic, module);
  const { results } = await analyseModule({ path: file, targets: [target], args, cmdline: '', loaded: [] });
  const [result] = results;
  assert.ok(result);
  return result;
}

const missing = ensurePrograms('building the modules of the books', ['gcc-12', 'make']);
test('the files are what the sources make', { skip: missing ?? false }, () => {
  assert.deepEqual(names, ['demodev.ko', 'mod_a.ko', 'mod_b.ko', 'notifier.ko', 'owner.ko']);
  const copy = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-classic-'));
  try {
    for (const name of readdirSync(classic))
      if (/^Makefile$|\.[ch]$/.test(name)) cpSync(path.join(classic, name), path.join(copy, name));
    execFileSync('make', ['-s', '-C', copy, 'CC=gcc-12'], { stdio: 'pipe' });
    for (const name of names)
      assert.ok(readFileSync(path.join(copy, name)).equals(readFileSync(path.join(classic, name))), name);
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test('they load on 2.6.39, each with what it needs', async () => {
  for (const name of names) {
    const { result } = await on('2.6.39', name);
    assert.equal(result.verdict, 'loads', name);
    assert.deepEqual(result.log, [], name);
  }
  const { result } = await on('2.6.39', 'demodev.ko', 'dolphin=10 bobcat=hello');
  assert.deepEqual(
    result.params.map(({ name, value }) => [name, value]),
    [
      ['bobcat', 'hello'],
      ['dolphin', '10'],
    ],
  );
});

test('an unknown parameter refuses on 2.6.39', async () => {
  const { result } = await on('2.6.39', 'demodev.ko', 'shark=1');
  assert.equal(result.errnoName, 'ENOENT');
  assert.deepEqual(
    result.log.map(({ text }) => text),
    ["demodev: Unknown parameter `shark'"],
  );
});
