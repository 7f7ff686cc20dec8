// Parameters on command lines of scripts.
import assert from 'node:assert/strict';
import test from 'node:test';
import { splitArguments } from '../../../src/host/extension/model/arguments';
import { parseModprobeConfig, parseScript } from '../../../src/host/extension/model/scriptLines';
import { parseSettings } from '../../../src/host/extension/model/settingsLines';

/** Module and arguments, each as the text that its range covers. */
function uses(text: string, parse = parseScript): [string, ...string[]][] {
  return parse(text).map(({ module, args }) => [module, ...args.map(arg => text.slice(arg.start, arg.end))]);
}

test('insmod and modprobe lines of shells and Makefiles', () => {
  assert.deepEqual(uses('sudo insmod ./drv/my-mod.ko a=1 b=2\n'), [['my_mod', 'a=1', 'b=2']]);
  assert.deepEqual(uses('load: all\n\t@-/sbin/insmod hello.ko times=2 ; dmesg\n'), [['hello', 'times=2']]);
  assert.deepEqual(uses('modprobe -v hello times=2 && echo ok'), [['hello', 'times=2']]);
  assert.deepEqual(uses('if ! insmod hello.ko.xz; then'), [['hello']]);
  assert.deepEqual(uses('modprobe -r hello'), []);
  assert.deepEqual(uses('# insmod hello.ko x=1'), []);
  assert.deepEqual(uses('echo run insmod-all.sh'), []);
  assert.deepEqual(uses('insmod hello.ko \\\n  a=1 \\\n  b=2\nls'), [['hello', 'a=1', 'b=2']]);
});

test('lines that end as on Windows, and other blanks', () => {
  assert.deepEqual(uses('insmod hello.ko a=1\r\nls\r\n'), [['hello', 'a=1']]);
  assert.deepEqual(uses('insmod hello.ko\u00a0a=1\f'), [['hello', 'a=1']]);
  assert.deepEqual(uses('options hello a=1\r\noptions hello b=2\r\n', parseModprobeConfig), [
    ['hello', 'a=1'],
    ['hello', 'b=2'],
  ]);
});

test('variables that hold the name of the module', () => {
  assert.deepEqual(uses('MOD := hello\nload:\n\tinsmod $(MOD).ko a=1\n'), [['hello', 'a=1']]);
  assert.deepEqual(uses('NAME=hello\nFILE=$NAME.ko\ninsmod "$FILE" a=1\n'), [['hello', 'a=1']]);
  assert.deepEqual(uses('insmod $1 a=1'), []);
});

test('quotes and variables in values', () => {
  const text = 'insmod hello.ko whom="a b" n=$N "x=1 2"';
  const [use] = parseScript(text);
  assert.deepEqual(
    use?.args.map(({ text: value, dynamic }) => [value, dynamic]),
    [
      ['whom=a b', false],
      ['n=$N', true],
      ['x=1 2', false],
    ],
  );
  assert.equal(text.slice(use?.args[2]?.start, use?.args[2]?.nameEnd), 'x');
});

test('options of modprobe.d', () => {
  assert.deepEqual(uses('# options no x=1\noptions my-mod a=1 b="2 3"\nblacklist other\n', parseModprobeConfig), [
    ['my_mod', 'a=1', 'b="2 3"'],
  ]);
});

test('splitting at blanks outside of quotes', () => {
  assert.deepEqual(splitArguments(' a=1  b="2 3" c'), ['a=1', 'b="2 3"', 'c']);
  assert.deepEqual(splitArguments('a="open b'), ['a="open b']);
  assert.deepEqual(splitArguments(''), []);
});

test('parameters in settings of a folder and of a workspace file', () => {
  const text = '{\n  // mine\n  "insmodLens.parameters": { "my-mod": "a=1 b=\\"x\\"", "other": "c=2 d" },\n}';
  assert.deepEqual(uses(text, parseSettings), [
    // Escapes take more characters than they stand for: then the whole text is marked.
    ['my_mod', '"a=1 b=\\"x\\""', '"a=1 b=\\"x\\""'],
    ['other', 'c=2', 'd'],
  ]);
  assert.deepEqual(uses(`{"settings": {"insmodLens.parameters": {"m": "q=\\u0041 r"}}}`, parseSettings).length, 1);
  assert.deepEqual(uses('{"settings": {"insmodLens.parameters": {"m": "q=1"}}}', parseSettings), [['m', 'q=1']]);
  for (const other of ['', 'no json', '[]', '{"insmodLens.parameters": 3}', '{"insmodLens.parameters": {"m": 3}}'])
    assert.deepEqual(
      uses(other, parseSettings).flatMap(([, ...args]) => args),
      [],
      other,
    );
});
