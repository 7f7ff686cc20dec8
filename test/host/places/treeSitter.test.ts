// What the C reader finds in the shapes kernel code has.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { CSource } from '../../../src/formats/c/source';
import { loadTreeSitter } from '../../../src/host/places/treeSitter';
import { repositoryRoot } from '../../kernel/lib/paths';

test('the grammar is where the bundles are', () => {
  assert.ok(existsSync(path.join(repositoryRoot(), 'dist', 'wasm', 'tree-sitter-c.wasm')));
});

const read = async (text: string): Promise<CSource> => new CSource(text, await loadTreeSitter());
const names = async (text: string): Promise<string[]> =>
  (await read(text)).definitions.map(({ kind, name }) => `${kind} ${name.text}`);

test('functions, with attributes and macros around their names', async () => {
  assert.deepEqual(await names('static int __init foo(void)\n{\n\treturn 0;\n}'), ['function foo']);
  assert.deepEqual(await names('void __printf(1, 2) log_it(const char *fmt, ...)\n{ }'), ['function log_it']);
  assert.deepEqual(await names('__printf(1, 2)\nvoid log_it(void)\n{ }'), ['function log_it']);
  assert.deepEqual(
    await names('static __attribute__((noinline)) long bar(int (*f)(int))\n{ if (f) { } }\nint baz(void) { }'),
    ['function bar', 'function baz'],
  );
});

test('a body ends at the brace in the first column, however #if leaves the others', async () => {
  const text = 'void f(void)\n{\n#ifdef A\n\tif (a) {\n#else\n\tif (b) {\n#endif\n\t}\n}\nint g(void)\n{\n}\n';
  assert.deepEqual(await names(text), ['function f', 'function g']);
});

test('objects: initialised or not, arrays, pointers to functions, static ones in functions', async () => {
  assert.deepEqual(await names('static struct ops o = {\n\t.f = g,\n};'), ['object o']);
  assert.deepEqual(await names('int a[3][2] __initdata = { 1 };\nstatic bool b;'), ['object a', 'object b']);
  assert.deepEqual(await names('static int (*hook)(int) __used = g;'), ['object hook']);
  assert.deepEqual(await names('void f(void) { static const int table[] = { 1 }; }'), ['function f', 'object table']);
});

test('prototypes, types and declarations define nothing', async () => {
  assert.deepEqual(
    await names('int f(int x);\nextern int y;\nstruct s { int a; };\ntypedef int t;\nenum e { A = 1, B };'),
    [],
  );
});

test('macro calls, with and without a semicolon', async () => {
  assert.deepEqual(await names('MODULE_LICENSE("GPL");\nDEFINE_MUTEX(m)\nmodule_init(f);\nint x;'), [
    'invocation MODULE_LICENSE',
    'invocation DEFINE_MUTEX',
    'invocation module_init',
    'object x',
  ]);
});

test('a macro on a line of its own is a call, whatever follows', async () => {
  assert.deepEqual(await names('module_init(a)\nmodule_exit(b)\n/* end */\nMODULE_LICENSE("GPL")\n'), [
    'invocation module_init',
    'invocation module_exit',
    'invocation MODULE_LICENSE',
  ]);
});

test('what the grammar does not know spoils nothing behind it', async () => {
  const text =
    'static struct card {\n\tint a;\n} cards[] = {\n\tCARD(0x1, IS_ODD type)\n};\n@@@ (\nint f(void)\n{\n\tfor_each(x) y)\n}\nint g(void)\n{\n}\n';
  assert.deepEqual((await names(text)).slice(-1), ['function g']);
});

test('both branches of an #if', async () => {
  const source = await read('#if A\nstatic int x = 1;\n#else\nstatic int x = 2;\n#endif\nint *y[3], (*z)(int) = x;\n');
  assert.deepEqual(
    source.definitions.map(({ name }) => `${name.text} ${name.line}`),
    ['x 2', 'x 4', 'y 6', 'z 6'],
  );
});

test('any text can be read', async () => {
  const parse = await loadTreeSitter();
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
      const source = new CSource(pieces.join(' '), parse);
      for (const { start, end } of source.definitions) assert.ok(start < end && end <= source.tokens.length + 1);
      source.statementAtLine(1);
    }),
    { numRuns: 500, seed: 20 },
  );
});
