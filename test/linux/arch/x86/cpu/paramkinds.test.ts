// Set functions of our own fixture on every recorded kernel: what its C says for a value is what comes out.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System } from '../../../../../src/index';
import { factsOf, fixture, GENERATIONS, moduleFile, type Generation } from '../../../../support/recorded';

function load(generation: Generation, args: string) {
  const system = new System(factsOf(generation));
  const result = system.insmod(moduleFile(fixture(generation, 'paramkinds')), args);
  const stage = result.stages.find(({ name }) => name === 'parse_args');
  const value = (name: string) => result.params.find(param => param.name === name)?.value;
  return { errno: result.errnoName, outcome: stage?.outcome, notes: stage?.notes, value, findings: result.findings };
}

/** custom_set() of paramkinds.c. */
function customSet(value: string): string | null {
  if (value === 'enoent') return 'ENOENT';
  if (value === 'enospc') return 'ENOSPC';
  return value === 'good' ? null : 'EIO';
}

const WORDS = [
  '',
  'enoent',
  'enospc',
  'good',
  'goo',
  'goodd',
  'GOOD',
  'g',
  'enoen',
  'enoentx',
  'zzz',
  '\xff',
  '0',
  'e',
];

for (const generation of GENERATIONS) {
  test(`${generation}: custom_set() by comparing strings`, () => {
    for (const parameter of ['p_custom', 'p_noarg'])
      for (const word of [...WORDS, 'x'.repeat(900)]) {
        const { errno, outcome, notes } = load(generation, `${parameter}=${word}`);
        const expected = customSet(word);
        assert.equal(errno, expected, word);
        assert.equal(outcome, expected === null ? 'passed' : 'refused', word);
        assert.deepEqual(notes, [], word);
      }
  });

  test(`${generation}: custom_set() without a value gets NULL`, () => {
    assert.equal(load(generation, 'p_noarg').errno, 'EPERM');
    assert.equal(load(generation, 'p_custom').errno, 'EINVAL', 'there the kernel itself refuses');
  });

  test(`${generation}: what returned an error is said`, () => {
    const texts = load(generation, 'p_custom=enoent').findings.map(finding => finding.explanation);
    assert.ok(
      texts.some(text => text.includes('The set function of p_custom')),
      texts.join('\n'),
    );
  });
}

for (const generation of ['6.1', '6.12', '7.2'] as const)
  test(`${generation}: minmax_set() stores what lies between 2 and 10`, () => {
    for (const value of ['2', '3', '10', '0x2', '012', '0xa', '+7', '5']) {
      const loaded = load(generation, `p_minmax=${value}`);
      assert.equal(loaded.errno, null, value);
      const number = value.startsWith('0x') ? Number(value) : parseInt(value, value.startsWith('0') ? 8 : 10);
      assert.equal(loaded.value('p_minmax'), String(number), value);
      assert.equal(loaded.value('p_uint'), '3', 'its neighbour is as it was');
    }
    for (const value of ['1', '0', '11', '013', '-3', '5x', '', 'good', '0x'])
      assert.equal(load(generation, `p_minmax=${value}`).errno, 'EINVAL', value);
    for (const value of ['4294967296', '99999999999999999999'])
      assert.equal(load(generation, `p_minmax=${value}`).errno, 'ERANGE', value);
  });

test('the last value stays', () => {
  assert.equal(load('6.1', 'p_minmax=3 p_minmax=9').value('p_minmax'), '9');
  assert.equal(load('6.1', 'p_minmax=3 p_minmax=90').errno, 'EINVAL');
});
