// insmod-lens why: what changed in the types of a symbol, as text and JSON, and what is said where nothing can be.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { snapshotText } from '../../../src/target/snapshot';
import { insmodLens } from '../../support/command';
import { info, rawBtf } from '../../support/rawBtf';
import { configured, factsOf, snapshotOf, type Generation } from '../../support/recorded';
import { schemaErrors } from '../../support/schema';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const SYMBOL = 'dev_get_by_name';

/** A recorded kernel with types: `struct net *dev_get_by_name(int)`, and members of struct net. */
function kernel(generation: Generation, ...members: (number | string)[]): string {
  const bytes = rawBtf([
    ['int', info(1), 4, 32 | (1 << 24)],
    ['net', info(4, members.length / 3), (4 * members.length) / 3, ...members],
    ['', info(2), 2],
    ['', info(13, 1), 3, 'id', 1],
    [SYMBOL, info(12, 1), 4],
  ]);
  const file = path.join(directory, `${generation}.json`);
  writeFileSync(file, snapshotText({ ...factsOf(generation), btf: { bytes, source: 'types' } }, { btf: true }));
  return file;
}

const old = kernel('6.1', 'a', 1, 0);
const later = kernel('6.12', 'a', 1, 0, 'b', 1, 32);
const why = (...args: string[]) => insmodLens('why', ...args);

test('text: both checksums, the type, and how far the answer reaches', async () => {
  const { status, stdout, stderr } = await why(SYMBOL, '--kernel', old, '--kernel', later);
  assert.deepEqual([status, stderr], [1, '']);
  const [first, ...lines] = stdout.trimEnd().split('\n');
  assert.match(first ?? '', /^dev_get_by_name: 0x[0-9a-f]{8} on 6\.1\.\S+, 0x[0-9a-f]{8} on 6\.12\.\S+$/);
  assert.deepEqual(lines.slice(0, 3), [
    ...['  `struct net` (result):', '    grew by 4 bytes, from 4 to 8', '    member `b` (int) added after `a`'],
  ]);
  assert.match(lines[3] ?? '', /a difference further away may be the cause\.$/);
});

test('JSON is what its schema says, for every kind of answer', async () => {
  const run = (...args: string[]) => why('--format', 'json', '--all', ...args);
  const symbols = [SYMBOL, 'jiffies', 'no_such_symbol', 'init_net'];
  const { stdout } = await run(...symbols, '--kernel', old, '--kernel', later);
  const report = JSON.parse(stdout);
  assert.deepEqual(schemaErrors('why', report), []);
  const answers = (of: { symbols: { answer: string }[] }): string[] => of.symbols.map(({ answer }) => answer);
  assert.deepEqual(answers(report), ['explained', 'same', 'not-exported', 'not-in-btf']);
  const alike = kernel('6.12', 'a', 1, 0);
  const nothing = JSON.parse((await run(SYMBOL, '--kernel', old, '--kernel', alike)).stdout);
  assert.deepEqual(answers(nothing), ['nothing-in-btf']);
  const bare = JSON.parse((await run(SYMBOL, '--kernel', old, '--kernel', snapshotOf('6.12'))).stdout);
  assert.deepEqual([answers(bare), schemaErrors('why', bare)], [['no-btf'], []]);
});

test('the same checksum is nothing to fail for, and what is missing is named', async () => {
  const same = await why('jiffies', '--kernel', old, '--kernel', old);
  assert.equal(same.status, 0);
  assert.match(same.stdout, /the checksum is the same/);
  const bare = await why(SYMBOL, '--kernel', old, '--kernel', snapshotOf('6.12'));
  assert.match(bare.stdout, /the BTF of 6\.12\.\S+ is not at hand: name its kernel image/);
  const unversioned = path.join(directory, 'unversioned.json');
  writeFileSync(unversioned, snapshotText(configured('6.1', { MODVERSIONS: null })));
  const { status, stdout } = await why(SYMBOL, '--kernel', unversioned, '--kernel', old);
  assert.equal(status, 0);
  assert.match(
    stdout,
    /^dev_get_by_name: no checksum on 6\.1\.\S+, 0x[0-9a-f]{8} on .*\n {2}there is no checksum to compare/,
  );
});

test('two kernels are wanted', async () => {
  for (const kernels of [[], ['--kernel', old], ['--kernel', old, '--kernel', old, '--kernel', old]]) {
    const { status, stdout, stderr } = await why(SYMBOL, ...kernels);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /^insmod-lens: .*give --kernel twice/);
  }
});
