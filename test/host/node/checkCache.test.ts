// What a check keeps for the next one: damage, strangers and links must never become an answer.
import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { serialize } from 'node:v8';
import type { ExaminedColumns } from '../../../src/graph/tree/columns';
import { CheckCache, checkFiles } from '../../../src/host/node/check/cache';
import { CacheFiles, cacheDirectory } from '../../../src/host/node/cacheFiles';
import type { KernelFacts } from '../../../src/target/types';
import { factsOf } from '../../support/recorded';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const FILES = ['/a.ko', '/b.ko'];
const STAMPS = ['1', '2'];
const none = { modules: new Int32Array(), names: new Int32Array(), crcs: new Float64Array(), marks: new Int32Array() };
const PART: ExaminedColumns = {
  rows: FILES.map((_, module) => ({
    module,
    name: `m${module}`,
    passes: true,
    unchecked: false,
    namespaces: [],
    percpu: 0,
    notChecked: [],
  })),
  reasons: [],
  symbols: { text: new Uint8Array(), ends: new Int32Array() },
  namespaces: [],
  imports: none,
  exports: none,
};

/** A cache of its own, what it complained of, and the file it writes. */
function newCache(facts: KernelFacts = factsOf('6.1')): {
  cache: CheckCache;
  said: string[];
  root: string;
  file: string;
} {
  const root = mkdtempSync(path.join(directory, 'root-'));
  const said: string[] = [];
  const cache = new CheckCache(root, 'tool', facts, 'settings', line => said.push(line));
  cache.keep(FILES, STAMPS, [PART]);
  const [name = ''] = readdirSync(path.join(root, 'check'));
  return { cache, said, root, file: path.join(root, 'check', name) };
}

const recalls = (cache: CheckCache): boolean => cache.recall(FILES, STAMPS).length > 0;

test('what was kept is found again', () => {
  const { cache, said } = newCache();
  assert.deepEqual(cache.recall(FILES, STAMPS), [PART]);
  assert.deepEqual(said, []);
});

test('damaged in a thousand ways: never believed, always said, always repaired', () => {
  const { cache, said, file } = newCache();
  const whole = readFileSync(file);
  let state = 12345;
  const random = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state % below;
  };
  const ways: readonly ((bytes: Buffer) => Buffer)[] = [
    bytes => {
      const at = random(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
      return bytes;
    },
    bytes => bytes.subarray(0, random(bytes.length)),
    bytes => Buffer.concat([bytes, Buffer.alloc(1 + random(9))]),
    bytes => {
      const [a, b] = [random(bytes.length - 8), random(bytes.length - 8)];
      const kept = Buffer.from(bytes.subarray(a, a + 8));
      bytes.copy(bytes, a, b, b + 8);
      kept.copy(bytes, b);
      return bytes;
    },
    bytes => bytes.fill(random(256), random(bytes.length)),
    // As earlier versions wrote it.
    () => serialize({ schema: 1, files: FILES, stamps: STAMPS, parts: [PART] }),
  ];
  let damaged = 0;
  for (let i = 0; i < 1000; i++) {
    const bytes = ways[i % ways.length]?.(Buffer.from(whole)) ?? whole;
    if (bytes.equals(whole)) continue;
    damaged++;
    writeFileSync(file, bytes);
    assert.equal(recalls(cache), false, `way ${i % ways.length}, ${i}`);
    assert.equal(said.length, damaged);
    assert.match(said.at(-1) ?? '', /^cache: .*\.bin is not used: it is damaged$/);
    cache.keep(FILES, STAMPS, [PART]);
    assert.ok(recalls(cache), 'repaired');
  }
  assert.ok(damaged > 900);
});

test('a file or directory that others can write to', () => {
  for (const mode of [0o622, 0o660, 0o777]) {
    const { cache, said, root, file } = newCache();
    chmodSync(file, mode);
    assert.equal(recalls(cache), false);
    chmodSync(file, 0o600);
    assert.ok(recalls(cache));
    chmodSync(path.join(root, 'check'), mode | 0o100);
    assert.equal(recalls(cache), false);
    assert.equal(said.length, 2);
    cache.keep(FILES, STAMPS, []);
    chmodSync(path.join(root, 'check'), 0o700);
    assert.ok(recalls(cache), 'nothing is written there, either');
  }
});

test('a file that another user has planted', t => {
  if (process.getuid?.() !== 0) return t.skip('needs root');
  const { cache, said, file } = newCache();
  chownSync(file, 54321, 54321);
  assert.equal(recalls(cache), false);
  assert.match(said[0] ?? '', /open to others/);
});

test('links are followed neither for reading nor for writing', () => {
  const { cache, file } = newCache();
  const victim = path.join(directory, 'victim');
  writeFileSync(victim, readFileSync(file), { mode: 0o600 });
  rmSync(file);
  symlinkSync(victim, file);
  assert.equal(recalls(cache), false);
  const before = readFileSync(victim);
  cache.keep(FILES, STAMPS, []);
  assert.deepEqual(readFileSync(victim), before, 'what the link led to is as it was');
  assert.ok(!lstatSync(file).isSymbolicLink(), 'the link itself was replaced');
});

test('every fact of a kernel is part of the key', () => {
  const facts = factsOf('6.1');
  const { structModule } = facts;
  assert.ok(structModule);
  const others: readonly Partial<KernelFacts>[] = [
    { release: '6.1.1' },
    { vermagic: 'x' },
    { config: { ...facts.config, CONFIG_X: 'y' } },
    { structModule: { ...structModule, init: 8 } },
    { structModule: { ...structModule, exit: 8 } },
    { structModule: { ...structModule, size: 8 } },
    { structModule: null },
    { builtin: ['x'] },
    { trustedKeys: { certificates: [Uint8Array.of(1)], source: 'x' } },
    { ownSigners: [{ issuerAndSerial: 'x', keyIdentifier: null }] },
    { btf: { bytes: Uint8Array.of(1), source: 'x' } },
    { distribution: facts.distribution === null ? 'debian' : null },
    { addedLater: 1 } as Partial<KernelFacts>,
  ];
  const names = [{}, ...others].map(other => path.basename(newCache({ ...facts, ...other }).file));
  assert.equal(new Set(names).size, names.length);
});

test('what is old, too much, or was never finished goes away; other files stay', () => {
  const root = mkdtempSync(path.join(directory, 'prune-'));
  const files = new CacheFiles(path.join(root, 'check'));
  const key = (i: number): string => i.toString(16).padStart(32, '0');
  for (let i = 0; i < 3; i++) assert.ok(files.write(key(i), Buffer.from('x')));
  const at = (name: string): string => path.join(files.directory, name);
  writeFileSync(at('README'), 'mine');
  writeFileSync(at(`${key(9)}.tmp`), 'x');
  writeFileSync(at(`${key(8)}.tmp`), 'x');
  const longAgo = new Date('2020-01-01');
  utimesSync(at(`${key(0)}.bin`), longAgo, longAgo);
  utimesSync(at(`${key(9)}.tmp`), longAgo, longAgo);
  files.write(key(3), Buffer.from('x'));
  assert.deepEqual(
    readdirSync(files.directory).sort(),
    ['README', `${key(1)}.bin`, `${key(2)}.bin`, `${key(3)}.bin`, `${key(8)}.tmp`].sort(),
  );
  assert.equal(files.list().length, 3);
  assert.equal(files.clear(), 4);
  assert.deepEqual(readdirSync(files.directory), ['README']);
  assert.equal(statSync(at('README')).size, 4);
});

test('nowhere to write is no error', () => {
  const file = path.join(directory, 'plain');
  writeFileSync(file, '');
  for (const root of [file, '/proc/self/nowhere', '/dev/full', path.join(directory, 'x'.repeat(300))]) {
    const said: string[] = [];
    const cache = new CheckCache(root, 'tool', factsOf('6.1'), '', line => said.push(line));
    cache.keep(FILES, STAMPS, [PART]);
    assert.equal(recalls(cache), false);
    assert.deepEqual(checkFiles(root).list(), []);
    assert.equal(checkFiles(root).clear(), 0);
  }
});

test('a cache is never beside what is checked', () => {
  assert.equal(cacheDirectory({ XDG_CACHE_HOME: '/x' }), '/x/insmod-lens');
  const home = process.env['HOME'];
  try {
    for (const bad of ['', 'relative', '.']) {
      process.env['HOME'] = bad;
      assert.equal(cacheDirectory({ XDG_CACHE_HOME: 'relative' }), null);
    }
  } finally {
    process.env['HOME'] = home;
  }
});
