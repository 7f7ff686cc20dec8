// insmod-lens explain: what it prints of a log, and whether the simulation of a module says the same.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { findNamed } from '../../../src/host/cli/namedModules';
import { insmodLens } from '../../support/command';
import { fixturePath, snapshotOf } from '../../support/recorded';
import { schemaErrors } from '../../support/schema';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

function log(name: string, lines: readonly string[]): string {
  const file = path.join(directory, name);
  writeFileSync(file, lines.map(line => `${line}\n`).join(''));
  return file;
}

const MODULE = ['--kernel', snapshotOf('6.1'), '--module', fixturePath('6.1', 'unresolved')];

test('the cause first, one command, and what is not known last', async () => {
  const file = log('one', [
    '[   12.000000] usual: loading out-of-tree module taints kernel.',
    '[   12.500000] usual: Unknown symbol strange_call (err -2)',
    'a line of nothing in particular, insmod',
  ]);
  const { status, stdout, stderr } = await insmodLens('explain', file);
  assert.deepEqual([status, stderr], [0, '']);
  const at = (text: string): number => stdout.indexOf(text);
  const order = ['Cause (usual):', 'strange_call', 'First run: ', 'Notes that refuse nothing:', 'Not known (1 line):'];
  for (const text of order) assert.ok(at(text) >= 0, `${text}\n${stdout}`);
  assert.deepEqual(
    [...order].sort((a, b) => at(a) - at(b)),
    order,
  );
});

test('a log that the simulation reproduces, and one from another build', async () => {
  const simulated = await insmodLens('insmod', ...MODULE.slice(0, 2), MODULE[3] ?? '');
  const same = await insmodLens('explain', log('same', simulated.stdout.trim().split('\n')), ...MODULE);
  assert.match(same.stdout, /^Reproduced: the simulation of unresolved on /m);
  const other = log('other', ['unresolved: Unknown symbol of_another_build (err -2)']);
  const differs = await insmodLens('explain', other, ...MODULE);
  assert.match(differs.stdout, /^Differs: /m);
  assert.match(differs.stdout, /only in your log: .*of_another_build/);
  const json = JSON.parse((await insmodLens('explain', other, ...MODULE, '--format', 'json')).stdout) as {
    failed: boolean;
    simulations: { outcome: string; verdict: string }[];
  };
  assert.deepEqual(
    [json.failed, json.simulations[0]?.outcome, json.simulations[0]?.verdict],
    [true, 'differs', 'refused'],
  );
});

test('JSON is what its schema says, and SARIF has the places of a simulation', async () => {
  const lines = [
    'unresolved: loading out-of-tree module taints kernel.',
    'unresolved: Unknown symbol of_another_build (err -2)',
    'insmod: ERROR: could not insert module unresolved.ko: Unknown symbol in module',
    'BUG: unable to handle page fault for address: ffffffff9a4f1b3c',
    'a line of nothing in particular, insmod',
  ];
  const file = log('schema', lines);
  for (const args of [[], MODULE]) {
    const { stdout } = await insmodLens('explain', file, ...args, '--format', 'json');
    assert.deepEqual(schemaErrors('explain', JSON.parse(stdout)), []);
  }
  const { stdout } = await insmodLens('explain', file, ...MODULE, '--format', 'sarif');
  const sarif = JSON.parse(stdout) as { runs: { results: { ruleId: string }[] }[] };
  assert.ok(
    sarif.runs[0]?.results.some(({ ruleId }) => /symbol/.test(ruleId)),
    stdout.slice(0, 500),
  );
});

test('insmod --explain adds the cause below the words of the kernel, and only then', async () => {
  const args = ['insmod', ...MODULE.slice(0, 2), MODULE[3] ?? ''];
  const plain = await insmodLens(...args);
  const explained = await insmodLens(...args, '--explain');
  assert.ok(explained.stdout.startsWith(plain.stdout));
  assert.match(explained.stdout, /^symbol-[\w-]+: unresolved: Unknown symbol /m);
  assert.match(explained.stdout, /^ {2}An option of this kernel is off/m);
  const other = ['insmod', '--explain', ...MODULE.slice(0, 2), fixturePath('7.2', 'minimal')];
  assert.match((await insmodLens(...other)).stdout, /^ {2}First run: /m);
  assert.deepEqual([plain.stderr, explained.status], ['', plain.status]);
});

test('only the line of insmod: what the kernel would have said', async () => {
  const file = log('tool', ['insmod: ERROR: could not insert module unresolved.ko: Unknown symbol in module']);
  const { stdout } = await insmodLens('explain', file, ...MODULE);
  assert.match(stdout, /^Simulated unresolved on .*The kernel would print:\n {2}unresolved: /m);
});

test('a module that the log names is looked for, and nothing else', () => {
  const tree = path.join(directory, 'tree', 'a', 'b');
  mkdirSync(tree, { recursive: true });
  writeFileSync(path.join(tree, 'my-driver.ko'), '');
  const root = path.join(directory, 'tree');
  assert.equal(findNamed(root, ['my_driver']), path.join(tree, 'my-driver.ko'));
  assert.equal(findNamed(root, ['other']), null);
  assert.equal(findNamed(root, []), null);
});

test('what cannot be read is one line', async () => {
  const { status, stdout, stderr } = await insmodLens('explain', path.join(directory, 'none'));
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /^insmod-lens: .*none: no such file or directory\n$/);
  const isDirectory = await insmodLens('explain', directory);
  assert.deepEqual([isDirectory.status, isDirectory.stderr.split('\n').length], [2, 2]);
});
