// A section without bytes that is alone in its kind of memory begins at a null pointer, which the kernel takes for "not there".
// Both answers were given by a booted 6.12.117.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System, type LoadResult } from '../../../../src/index';
import { factsOf, fixture, moduleFile, type Generation } from '../../../support/recorded';

/** Lines about `notext`, whose .text is the one section in its memory, once that has the name of another section. */
function withTextCalled(generation: Generation, name: string): LoadResult {
  const ko = fixture(generation, 'notext');
  const { index } = ko.section('.text');
  const { sh_name } = ko.section(name);
  return new System(factsOf(generation)).insmod(moduleFile(ko, [ko.setShdr(index, 'sh_name', sh_name)]));
}

test('CRCs in no memory are none: the exports have no versions, and the load is forced', () => {
  const result = withTextCalled('6.12', '__kcrctab_gpl');
  assert.equal(result.verdict, 'loads');
  assert.ok(result.log.some(({ text }) => text === 'notext: no versions for exported symbols: kernel tainted.'));
});

test('a table that is found by its name is not hidden by one in no memory behind it', () => {
  const result = withTextCalled('6.12', '.data');
  assert.equal(result.verdict, 'loads');
  assert.ok(!result.log.some(({ text }) => text.includes('no versions')));
});
