// Static calls of a module: each names its key, and code in its place refuses the module.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System } from '../../../src/index';
import { configured, factsOf, fixture, moduleFile } from '../../support/recorded';

const RELA = '.rela.static_call_sites';
const special = fixture('6.1', 'special');
/** The second call names .text, as calls do, where its key would be. */
const wrongKey = moduleFile(special, [special.setRela(RELA, 3, 'r_sym', special.rela(RELA, 2).r_sym)]);

test('a static call whose key is code', () => {
  const result = new System(factsOf('6.1')).insmod(wrongKey);
  assert.equal(result.errnoName, 'EINVAL');
  assert.deepEqual(
    result.log.slice(-2).map(({ text }) => text.replace(/at: \w+ /, 'at: F ')),
    ['Failed to fixup __raw_static_call() usage at: F [special]', 'Failed to allocate memory for static calls'],
  );
  assert.equal(new System(factsOf('6.1')).insmod(moduleFile(special)).errno, 0);
});

test('a kernel that does not patch static calls in place does not look', () => {
  const facts = configured('6.1', { HAVE_STATIC_CALL_INLINE: null });
  assert.equal(new System(facts).insmod(wrongKey).errno, 0);
});
