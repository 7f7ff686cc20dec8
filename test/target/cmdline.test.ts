// How the kernel splits its command line and module arguments (lib/cmdline.c, next_arg()).
import assert from 'node:assert/strict';
import test from 'node:test';
import { nextArg, parseCmdline, plain, skipSpaces } from '../../src/target/cmdline';

/** What is split, then name, value (null without `=`) and what is left. */
const VECTORS: readonly (readonly [text: string, param: string, value: string | null, rest: string])[] = [
  ['a=1 b=2', 'a', '1', 'b=2'],
  ['a=', 'a', '', ''],
  ['a="x y" b', 'a', 'x y', 'b'],
  ['"a=x y" b', 'a', 'x y', 'b'],
  ['a=b" c" d', 'a', 'b" c"', 'd'],
  ['a="x"y z', 'a', 'x"y', 'z'],
  ['a="x""y"', 'a', 'x""y', ''],
  ['a="x', 'a', 'x', ''],
  ["a='x y'", 'a', "'x", "y'"],
  ['=x', '=x', null, ''],
  ['a=1=2', 'a', '1=2', ''],
  ['"a b"', 'a b', null, ''],
  ['""', '', null, ''],
  ['-- x', '--', null, 'x'],
  ['--=1', '--', '1', ''],
];

for (const [text, param, value, rest] of VECTORS) {
  test(`${text} is ${param || 'an empty name'}, then "${rest}"`, () => {
    assert.deepEqual(nextArg(text), { argument: { param, value }, rest });
  });
}

test('white space is what isspace() takes, and only that', () => {
  for (const space of [' ', '\t', '\n', '\v', '\f', '\r', '\xa0']) assert.equal(nextArg(`a${space}b`).rest, 'b');
  for (const other of ['\0', '\x1c', '\x85', '\u2003', '\ufeff']) assert.equal(nextArg(`a${other}b`).rest, '');
  assert.equal(skipSpaces(' \t\n\v\f\r\xa0a '), 'a ');
  assert.equal(nextArg('a   \t b').rest, 'b');
});

test('a backslash escapes nothing', () => {
  assert.deepEqual(nextArg('a="x\\" y" b').argument, { param: 'a', value: 'x\\' });
});

test('a quote in the name protects white space too', () => {
  assert.deepEqual(nextArg('a"b c"=1 d'), { argument: { param: 'a"b c"', value: '1' }, rest: 'd' });
});

test('a whole command line', () => {
  assert.deepEqual(parseCmdline('  ro quiet module.sig_enforce=1 dyndbg="file a.c +p" '), [
    { param: 'ro', value: null },
    { param: 'quiet', value: null },
    { param: 'module.sig_enforce', value: '1' },
    { param: 'dyndbg', value: 'file a.c +p' },
  ]);
  assert.deepEqual(parseCmdline(''), []);
  assert.deepEqual(parseCmdline(' \n'), []);
});

test('names differ in nothing but dashes and underscores', () => {
  assert.equal(plain('a-b_c'), plain('a_b-c'));
  assert.notEqual(plain('ab'), plain('aB'));
  assert.notEqual(plain('ab'), plain('ab_'));
  assert.notEqual(plain(''), plain('_'));
});
