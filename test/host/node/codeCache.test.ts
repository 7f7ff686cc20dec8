// Compiled code is taken from the cache where it fits, and everything runs the same where it does not.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { CodeCache, codeFiles } from '../../../src/host/node/codeCache';
import { loadedWhenUsed } from '../../../src/host/node/loadedWhenUsed';
import { CLI, environment } from '../../support/command';
import { fixturePath, snapshotOf } from '../../support/recorded';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const newBase = (): string => mkdtempSync(path.join(directory, 'base-'));
const SOURCE = '(function () { const twice = x => 2 * x; return twice(21); })';

let scripts = 0;

/** Whether the script came from the cache, and what it answers. */
function run(base: string, build = 'one', source = SOURCE): { readonly taken: boolean; readonly answer: unknown } {
  const cache = new CodeCache(codeFiles(base), build, 'insmod');
  // V8 remembers a source by its name for as long as a process lives, which is not what is tested.
  const script = cache.script(source, `script${++scripts}.js`);
  const answer = (script.runInThisContext() as () => unknown)();
  cache.keep();
  return { taken: script.cachedDataRejected === false, answer };
}

const filesIn = (base: string): string[] =>
  existsSync(path.join(base, 'code')) ? readdirSync(path.join(base, 'code')) : [];

test('the second run takes the code of the first, and after a few runs nothing is written', () => {
  const base = newBase();
  assert.deepEqual(run(base), { taken: false, answer: 42 });
  assert.deepEqual(run(base), { taken: true, answer: 42 });
  const [name = ''] = filesIn(base);
  const file = path.join(base, 'code', name);
  const { ino, mtimeMs } = statOf(file);
  assert.deepEqual(run(base), { taken: true, answer: 42 });
  assert.deepEqual(statOf(file), { ino, mtimeMs });
  assert.equal(filesIn(base).length, 1);
});

test('another build, another source or a damaged file: compiled anew', () => {
  const base = newBase();
  run(base);
  assert.deepEqual(run(base, 'two'), { taken: false, answer: 42 });
  assert.equal(filesIn(base).length, 2);
  // V8 itself tells only sources of other lengths apart.
  assert.deepEqual(run(base, 'one', `${SOURCE} `), { taken: false, answer: 42 });
  assert.deepEqual(run(base, 'one', SOURCE), { taken: false, answer: 42 }, 'kept for the other source');
  for (const name of filesIn(base)) {
    const file = path.join(base, 'code', name);
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0x10;
    writeFileSync(file, bytes);
  }
  assert.deepEqual(run(base), { taken: false, answer: 42 });
  assert.deepEqual(run(base), { taken: true, answer: 42 });
});

test('a directory that is open to others is neither read nor written', () => {
  const base = newBase();
  run(base);
  chmodSync(path.join(base, 'code'), 0o777);
  const before = filesIn(base);
  assert.deepEqual(run(base), { taken: false, answer: 42 });
  assert.deepEqual(filesIn(base), before);
});

test('the command answers the same without a cache, with one, and where none can be', () => {
  const args = [CLI, 'insmod', '--kernel', snapshotOf('6.1'), fixturePath('6.1', 'minimal'), 'bogus=1'];
  const answer = (base: string, env: NodeJS.ProcessEnv = {}): string => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      env: { ...environment(), XDG_CACHE_HOME: base, ...env },
    });
    return JSON.stringify({ status, stdout, stderr });
  };
  const base = newBase();
  const first = answer(base);
  assert.match(first, /"status":0,.*bogus/);
  const code = path.join(base, 'insmod-lens', 'code');
  assert.equal(readdirSync(code).length, 1);
  for (let i = 0; i < 3; i++) assert.equal(answer(base), first);
  assert.equal(readdirSync(code).length, 1);
  // Nobody can make a directory there.
  assert.equal(answer('/proc/1/nowhere'), first);
  // A relative path counts as none, and this home does not exist.
  assert.equal(answer('relative', { HOME: '/proc/1/nowhere' }), first);
  assert.ok(!existsSync('relative'));
  // A file where the directory should be.
  const blocked = newBase();
  mkdirSync(path.join(blocked, 'insmod-lens'));
  writeFileSync(path.join(blocked, 'insmod-lens', 'code'), '');
  assert.equal(answer(blocked), first);
});

test('what is loaded when it is used is like what it stands for', () => {
  let loads = 0;
  const real = { number: 1, call: (): number => 2 };
  const standIn = loadedWhenUsed(() => (loads++, real));
  assert.equal(loads, 0);
  assert.equal(standIn.number + standIn.call(), 3);
  assert.deepEqual({ ...standIn }, real);
  assert.ok('call' in standIn && !('other' in standIn));
  assert.equal(loads, 1);
});

function statOf(file: string): { readonly ino: number; readonly mtimeMs: number } {
  const { ino, mtimeMs } = statSync(file);
  return { ino, mtimeMs };
}
