// insmod-lens target: facts and where they come from, and what only the release decides.
import assert from 'node:assert/strict';
import test from 'node:test';
import { rowsOf } from '../../../src/linux/generations';
import { insmodLens } from '../../support/command';
import { snapshotOf } from '../../support/recorded';

const SNAPSHOT = snapshotOf('6.1');
const target = (...args: string[]) => insmodLens('target', ...args);

test('text: every fact, and both kinds of differences', async () => {
  const { status, stdout } = await target(SNAPSHOT);
  assert.equal(status, 0);
  assert.match(stdout, /^\S+: \S+ \(x86_64\)\n {2}release +\S+/);
  assert.match(stdout, /\n {2}exports +\d+ of vmlinux, \d+ of modules/);
  assert.match(stdout, /\n {2}differences between generations: \d+ that the target itself decides, and\n/);
  assert.match(stdout, /\n {2}\d+ that only its release number decides \(--all names them\)\n$/);
  const whole = (await target('--all', SNAPSHOT)).stdout;
  assert.match(whole, /that only its release number decides:\n {4}[+-]\w+/);
  const names = Object.keys(rowsOf({ release: /: (\S+) /.exec(stdout)?.[1] ?? '' }));
  for (const name of names) assert.match(whole, new RegExp(`[ \\n][+-]${name}[ \\n]`));
});

test('JSON: one object for one target, a list for several', async () => {
  const one = JSON.parse((await target('--format', 'json', SNAPSHOT)).stdout);
  assert.equal(one.schema, 1);
  const names = Object.keys(rowsOf({ release: one.release }));
  assert.deepEqual(
    one.generation.map(({ name }: { name: string }) => name),
    names,
  );
  assert.ok(one.facts.every(({ name, value }: { name: string; value: unknown }) => name && value !== undefined));
  const two = JSON.parse((await target('--format', 'json', SNAPSHOT, SNAPSHOT)).stdout);
  assert.deepEqual(two, [one, one]);
});

test('what is no target is said in one line', async () => {
  const { status, stdout, stderr } = await target('/nowhere');
  assert.deepEqual([status, stdout], [2, '']);
  assert.equal(stderr, 'insmod-lens: /nowhere: no such file or directory\n');
});
