// Words of C sources and where they are used.
import assert from 'node:assert/strict';
import test from 'node:test';
import { CSource } from '../../../src/formats/c/source';
import { tokenise } from '../../../src/formats/c/tokens';

test('comments, strings and members are no uses', () => {
  const source = new CSource(
    '/* foo */ // foo\nint f(struct s *p) {\n\tputs("foo \\" foo");\n\treturn p->foo + p . foo + foo;\n}\n#define foo 1\n',
    () => [],
  );
  assert.deepEqual(
    source.uses('foo').map(({ line, column }) => [line, column]),
    [[4, 28]],
  );
});

test('macros that are continued, and includes', () => {
  const { macros, includes, tokens } = tokenise(
    '#define A(x) \\\n\tb(x)\n# include "own.h"\n#include <linux/a.h>\nint y;',
  );
  assert.deepEqual(
    macros.map(({ name, body }) => [name.text, body.map(token => token.text).join(' ')]),
    [['A', '( x ) b ( x )']],
  );
  assert.deepEqual(includes, ['own.h']);
  assert.deepEqual(
    tokens.map(({ line, column }) => [line, column]),
    [
      [5, 1],
      [5, 5],
      [5, 6],
    ],
  );
});
