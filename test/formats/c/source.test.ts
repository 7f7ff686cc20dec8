// What the C reader finds in the shapes kernel code has.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { CSource } from '../../../src/formats/c/source';
import { tokenise } from '../../../src/formats/c/tokens';

const names = (text: string): string[] => new CSource(text).definitions.map(({ kind, name }) => `${kind} ${name.text}`);

test('functions, with attributes and macros around their names', () => {
  assert.deepEqual(names('static int __init foo(void)\n{\n\treturn 0;\n}'), ['function foo']);
  assert.deepEqual(names('void __printf(1, 2) log_it(const char *fmt, ...)\n{ }'), ['function log_it']);
  // An attribute on a line of its own looks like the call of a macro, which harms nobody.
  assert.deepEqual(names('__printf(1, 2)\nvoid log_it(void)\n{ }'), ['invocation __printf', 'function log_it']);
  assert.deepEqual(
    names('static __attribute__((noinline)) long bar(int (*f)(int))\n{ if (f) { } }\nint baz(void) { }'),
    ['function bar', 'function baz'],
  );
});

test('a body ends at the brace in the first column, however #if leaves the others', () => {
  const text = 'void f(void)\n{\n#ifdef A\n\tif (a) {\n#else\n\tif (b) {\n#endif\n\t}\n}\nint g(void)\n{\n}\n';
  assert.deepEqual(names(text), ['function f', 'function g']);
});

test('objects: initialised or not, arrays, pointers to functions, static ones in functions', () => {
  assert.deepEqual(names('static struct ops o = {\n\t.f = g,\n};'), ['object o']);
  assert.deepEqual(names('int a[3][2] __initdata = { 1 };\nstatic bool b;'), ['object a', 'object b']);
  assert.deepEqual(names('static int (*hook)(int) __used = g;'), ['object hook']);
  assert.deepEqual(names('void f(void) { static const int table[] = { 1 }; }'), ['function f', 'object table']);
});

test('prototypes, types and declarations define nothing', () => {
  assert.deepEqual(
    names('int f(int x);\nextern int y;\nstruct s { int a; };\ntypedef int t;\nenum e { A = 1, B };'),
    [],
  );
});

test('macro calls, with and without a semicolon', () => {
  assert.deepEqual(names('MODULE_LICENSE("GPL");\nDEFINE_MUTEX(m)\nmodule_init(f);\nint x;'), [
    'invocation MODULE_LICENSE',
    'invocation DEFINE_MUTEX',
    'invocation module_init',
    'object x',
  ]);
});

test('comments, strings and members are no uses', () => {
  const source = new CSource(
    '/* foo */ // foo\nint f(struct s *p) {\n\tputs("foo \\" foo");\n\treturn p->foo + p . foo + foo;\n}\n#define foo 1\n',
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

test('any text can be read', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ';',
    '=',
    'static',
    'x',
    '\n',
    '#define',
    '"',
    "'",
    '/*',
    '//',
    '\\',
    ' ',
    ',',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), pieces => {
      const source = new CSource(pieces.join(' '));
      for (const { start, end } of source.definitions) assert.ok(start < end && end <= source.tokens.length + 1);
      source.statementAtLine(1);
    }),
    { numRuns: 500, seed: 20 },
  );
});
