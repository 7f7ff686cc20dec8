// Sources are remembered as they were when a module was built.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BuiltTexts } from '../../../src/host/places/builtTexts';

const FILE = '/p/m.c';
const place = { file: FILE, line: 2, column: 1 };

function textsOf(module: string, text: string, isNewer: boolean): BuiltTexts {
  return new BuiltTexts(
    module,
    () => text,
    () => isNewer,
  );
}

void test('after an edit the text of the build counts, and its places are found in the new one', () => {
  assert.equal(textsOf('/p/m.ko', 'one\ntwo\n', false).built(FILE), 'one\ntwo\n');
  const edited = textsOf('/p/m.ko', 'one\nmore\ntwo\n', true);
  assert.equal(edited.built(FILE), 'one\ntwo\n');
  assert.deepEqual(edited.present(place), { ...place, line: 3 });
  assert.deepEqual(textsOf('/p/m.ko', 'one\n', true).present(place), { ...place, deleted: true });
  // The next build is what counts from then on.
  assert.equal(textsOf('/p/m.ko', 'three\n', false).built(FILE), 'three\n');
  assert.equal(textsOf('/p/m.ko', 'three\nfour\n', true).built(FILE), 'three\n');
});

void test('what was never seen as it was built stays as it is', () => {
  const unknown = textsOf('/p/other.ko', 'one\n', true);
  assert.equal(unknown.built(FILE), 'one\n');
  assert.deepEqual(unknown.present(place), place);
});
