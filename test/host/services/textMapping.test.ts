// Places follow their text through edits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { mappingOf } from '../../../src/host/services/textMapping';

const at = (line: number, column: number) => ({ line, column });
const BEFORE = ['int a(void)', '{', '  return first(second);', '}', 'int b;', ''].join('\n');

void test('lines that were put in or taken out move what is below', () => {
  const moved = mappingOf(BEFORE, `/* new */\n\n${BEFORE}`);
  assert.deepEqual(moved(at(3, 10)), at(5, 10));
  const cut = mappingOf(BEFORE, BEFORE.split('\n').slice(1).join('\n'));
  assert.deepEqual(cut(at(5, 5)), at(4, 5));
  assert.equal(cut(at(1, 5)), null);
});

void test('in a changed line the same word is found, and what is gone is gone', () => {
  const mapping = mappingOf(BEFORE, BEFORE.replace('return first(second)', 'return other(0, second)'));
  assert.deepEqual(mapping(at(3, 16)), at(3, 19));
  assert.equal(mapping(at(3, 10)), null);
});

void test('of a word that comes twice the same one is meant', () => {
  const mapping = mappingOf('f(x, x);', 'if (f(x, x))');
  assert.deepEqual(mapping(at(1, 3)), at(1, 7));
  assert.deepEqual(mapping(at(1, 6)), at(1, 10));
});

void test('a word that stays is where it is said to be, whatever lines come and go around it', () => {
  const line = fc.constantFrom('a', 'b', '', '}', 'x = 1;');
  const lines = fc.array(line, { maxLength: 8 });
  fc.assert(
    fc.property(lines, lines, lines, lines, (above, below, newAbove, newBelow) => {
      const before = [...above, 'call(unique);', ...below].join('\n');
      const after = [...newAbove, 'call(unique);', ...newBelow].join('\n');
      const found = mappingOf(before, after)(at(above.length + 1, 6));
      assert.deepEqual(found, at(newAbove.length + 1, 6));
    }),
  );
});
