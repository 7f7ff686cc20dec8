// The cache as the command uses it: listed, cleared, damaged, restored from elsewhere, and left by a run that was killed.
import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { keptFiles } from '../../../src/host/node/keptFiles';
import { repositoryRoot } from '../../kernel/lib/paths';
import { CLI, environment } from '../../support/command';
import { fixturePath, snapshotOf } from '../../support/recorded';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const tree = path.join(directory, 'tree');
mkdirSync(tree);
const LONG_AGO = 1_600_000_000;
for (const name of ['minimal', 'unresolved', 'exporter', 'user']) {
  const file = path.join(tree, `${name}.ko`);
  copyFileSync(fixturePath('6.1', name), file);
  // What was written a moment ago is never kept.
  utimesSync(file, LONG_AGO, LONG_AGO);
}
const CHECK = ['check', '--kernel', snapshotOf('6.1'), tree];

interface Ran {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param base what $XDG_CACHE_HOME says */
function run(base: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Ran {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    env: { ...environment(), XDG_CACHE_HOME: base, ...env },
  });
  return { status, signal, stdout, stderr };
}

const newBase = (): string => mkdtempSync(path.join(directory, 'base-'));
const keptIn = (base: string): string => path.join(base, 'insmod-lens', 'check');
const plain = run(newBase(), [...CHECK, '--no-cache']);

test('every kind of file that is kept is listed and cleared', () => {
  const sources = readdirSync(path.join(repositoryRoot(), 'src', 'host'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .map(file => readFileSync(path.join(repositoryRoot(), 'src', 'host', file), 'utf8'));
  const made = sources.flatMap(text => [...text.matchAll(/new CacheFiles\(path\.join\(directory, '(\w+)'\)\)/g)]);
  assert.ok(made.length > 3);
  assert.deepEqual(
    keptFiles('')
      .map(files => path.basename(files.directory))
      .sort(),
    made.map(([, name]) => name).sort(),
  );
});

test('without a cache the tree is refused for a reason', () => {
  assert.equal(plain.status, 1);
  assert.match(plain.stdout, /4 modules, 3 would load/);
});

test('cache lists what a check keeps, and clears it', () => {
  const base = newBase();
  assert.match(
    run(base, ['cache']).stdout,
    /^\S+\/insmod-lens\/check: 0 files, 0 bytes\n\S+\/kernels: 0 files, 0 bytes\n\S+\/named: 0 files, 0 bytes\n\S+\/images: 0 files, 0 bytes\n\S+\/code: 0 files, 0 bytes\n$/,
  );
  assert.deepEqual(run(base, CHECK), plain);
  assert.match(run(base, ['cache']).stdout, /: 1 files?, \d+ bytes\n[0-9a-f]{32}\.bin {2}\d+ bytes {2}used 20\d\d-/);
  assert.deepEqual(run(base, CHECK), plain);
  writeFileSync(path.join(keptIn(base), 'mine'), '');
  assert.match(run(base, ['cache', '--clear']).stdout, /check: 1 files? removed\n[^]*code: 1 files? removed\n/);
  assert.deepEqual(readdirSync(keptIn(base)), ['mine']);
  assert.deepEqual(run(base, [...CHECK, '--no-cache']), plain);
  assert.deepEqual(readdirSync(keptIn(base)), ['mine'], '--no-cache writes nothing');
});

test('cache where there is none', () => {
  const { PATH } = process.env;
  const run = (home: string) =>
    spawnSync(process.execPath, [CLI, 'cache'], { encoding: 'utf8', env: { PATH, HOME: home } });
  const { status, stdout } = run('');
  assert.equal(status, 0);
  assert.match(stdout, /^no cache: /);
  assert.match(run(path.join(directory, 'nowhere')).stdout, /: 0 files, 0 bytes/);
});

test('a restored cache is used only if it is ours alone, and does no harm', () => {
  const base = newBase();
  run(base, CHECK);
  const restored = newBase();
  cpSync(path.join(base, 'insmod-lens'), path.join(restored, 'insmod-lens'), { recursive: true });
  const [name = ''] = readdirSync(keptIn(restored));
  for (const [what, damage] of [
    ['untouched', () => undefined],
    ['open to others', () => chmodSync(path.join(keptIn(restored), name), 0o666)],
    [
      'cut',
      () =>
        writeFileSync(path.join(keptIn(restored), name), readFileSync(path.join(keptIn(base), name)).subarray(0, 99)),
    ],
  ] as const) {
    damage();
    const { status, stdout, stderr } = run(restored, CHECK);
    assert.deepEqual([status, stdout], [plain.status, plain.stdout], what);
    assert.match(stderr, what === 'untouched' ? /^$/ : /^insmod-lens: cache: \S+ is not used: it is [^\n]*\n$/, what);
    assert.deepEqual(run(restored, CHECK), plain, `${what}: repaired`);
  }
});

/** Ends the process at call number KILL_AT of those that change a file system; a write is cut in half. */
const KILLER = `
const fs = require('node:fs');
let left = Number(process.env.KILL_AT);
const inCache = (value, fds) => typeof value === 'number' ? fds.has(value) : String(value).includes('insmod-lens');
const fds = new Set();
for (const name of ['mkdirSync', 'openSync', 'writeFileSync', 'closeSync', 'renameSync', 'rmSync', 'utimesSync']) {
  const real = fs[name];
  fs[name] = (...args) => {
    if (!inCache(args[0], fds) || --left !== 0) {
      const result = real(...args);
      if (name === 'openSync' && inCache(args[0], fds)) fds.add(result);
      if (name === 'closeSync') fds.delete(args[0]);
      return result;
    }
    if (name === 'writeFileSync') real(args[0], args[1].subarray(0, args[1].length >> 1));
    process.kill(process.pid, 'SIGKILL');
  };
}`;

test('killed at every write, a check leaves nothing that the next one believes', () => {
  const killer = path.join(directory, 'killer.cjs');
  writeFileSync(killer, KILLER);
  let at = 1;
  for (; ; at++) {
    const base = path.join(directory, `kill-${at}`);
    const { signal } = run(base, CHECK, { NODE_OPTIONS: `--require ${killer}`, KILL_AT: String(at) });
    if (signal === null) break;
    assert.equal(signal, 'SIGKILL');
    // What was never finished goes away with a later run that keeps something.
    for (const name of existsSync(keptIn(base)) ? readdirSync(keptIn(base)) : [])
      if (name.endsWith('.tmp')) utimesSync(path.join(keptIn(base), name), LONG_AGO, LONG_AGO);
    assert.deepEqual(run(base, CHECK), plain, `killed at ${at}`);
    assert.deepEqual(run(base, CHECK), plain, `killed at ${at}, from the cache`);
    assert.deepEqual(
      readdirSync(keptIn(base)).filter(name => !name.endsWith('.bin')),
      [],
    );
  }
  // Directories, the file, its three parts, closing and renaming.
  assert.ok(at > 8, `${at} calls`);
});
