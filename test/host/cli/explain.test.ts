// insmod-lens explain: what it prints of a log, and whether the simulation of a module says the same.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { insmodLens } from '../../support/command';
import { fixturePath, snapshotOf } from '../../support/recorded';

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
  const order = ['Cause (usual):', 'strange_call', 'First run: ', 'Notes that refuse nothing:', 'Not known (1 lines):'];
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

test('what cannot be read is one line', async () => {
  const { status, stdout, stderr } = await insmodLens('explain', path.join(directory, 'none'));
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /^insmod-lens: .*none: no such file or directory\n$/);
  const isDirectory = await insmodLens('explain', directory);
  assert.deepEqual([isDirectory.status, isDirectory.stderr.split('\n').length], [2, 2]);
});
