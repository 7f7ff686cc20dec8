// The JSON Schemas of the package, against what the command really prints.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { snapshotText } from '../../src/target/snapshot';
import { ARCH_NAMES } from '../../src/target/types';
import { insmodLens } from '../support/command';
import { readSchema, SCHEMA_NAMES, schemaErrors } from '../support/schema';
import { factsOf, fixturePath, GENERATIONS, snapshotOf } from '../support/recorded';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const fixtures = path.dirname(fixturePath('6.1', 'minimal'));
const KERNELS = ['--kernel', snapshotOf('6.1'), '--kernel', snapshotOf('7.2')];

async function printed(...args: string[]): Promise<unknown> {
  return JSON.parse((await insmodLens(...args)).stdout);
}

test('there is a schema for each format', () => {
  assert.deepEqual([...SCHEMA_NAMES].sort(), [
    'boot',
    'check',
    'explain',
    'initcalls',
    'insmod',
    'matrix',
    'modprobe',
    'snapshot',
    'why',
  ]);
});

test('insmod, for one kernel, for several, refused, and with dependencies', async () => {
  for (const name of ['minimal', 'unresolved', 'user']) {
    const file = fixturePath('6.1', name);
    for (const options of [[], ['--with-dependencies']]) {
      const one = await printed('insmod', '--format', 'json', ...options, ...KERNELS.slice(0, 2), file);
      assert.deepEqual(schemaErrors('insmod', one), [], name);
      const two = await printed('insmod', '--format', 'json', ...options, ...KERNELS, file);
      assert.ok(Array.isArray(two));
      assert.deepEqual(schemaErrors('insmod', two), [], name);
    }
  }
});

test('check, with findings, a baseline and a file that cannot be read', async () => {
  const tree = path.join(directory, 'tree');
  mkdirSync(tree);
  const modules = readdirSync(fixtures)
    .filter(name => /\.ko/.test(name))
    .slice(0, 40);
  for (const name of modules) copyFileSync(path.join(fixtures, name), path.join(tree, name));
  writeFileSync(path.join(tree, 'broken.ko.xz'), 'no xz');
  const baseline = path.join(directory, 'baseline.json');
  const check = ['check', '--no-cache', '--format', 'json'];
  const plain = await printed(...check, ...KERNELS.slice(0, 2), tree);
  assert.deepEqual(schemaErrors('check', plain), []);
  assert.ok((plain as { findings: unknown[] }).findings.length > 0);
  await insmodLens('check', '--no-cache', '--write-baseline', baseline, ...KERNELS, tree);
  const known = await printed(...check, '--baseline', baseline, ...KERNELS, tree);
  assert.deepEqual(schemaErrors('check', known), []);
  assert.match(JSON.stringify(known), /"known":true/);
});

test('modprobe, simulated and only named', async () => {
  const modules = path.join(directory, 'modules');
  mkdirSync(modules);
  for (const name of ['exporter', 'user'])
    copyFileSync(fixturePath('6.1', name), path.join(modules, path.basename(fixturePath('6.1', name))));
  const modprobe = ['modprobe', '--format', 'json', '-C', '/dev/null', '--modules', modules, 'user'];
  for (const options of [KERNELS.slice(0, 2), KERNELS, ['--show-depends']]) {
    const report = await printed(...modprobe, ...options);
    assert.deepEqual(schemaErrors('modprobe', report), [], options.join(' '));
  }
});

test('snapshots, with and without BTF', () => {
  for (const generation of GENERATIONS)
    for (const btf of [false, true]) {
      const snapshot: unknown = JSON.parse(snapshotText(factsOf(generation), { btf }));
      assert.deepEqual(schemaErrors('snapshot', snapshot), [], generation);
    }
  const { arch } = readSchema('snapshot')['properties'] as { arch: { enum: string[] } };
  assert.deepEqual(arch.enum, ARCH_NAMES);
});

test('what departs from a schema is seen', async () => {
  const result = (await printed(
    'insmod',
    '--format',
    'json',
    ...KERNELS.slice(0, 2),
    fixturePath('6.1', 'minimal'),
  )) as object;
  for (const wrong of [{ ...result, errno: -1 }, { ...result, verdict: 'maybe' }, { ...result, more: 1 }, {}])
    assert.notDeepEqual(schemaErrors('insmod', wrong), []);
});
