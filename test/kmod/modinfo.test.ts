// Expected texts are what kmod 30's modinfo printed for the same section contents.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { formatModinfo } from '../../src/kmod/modinfo';
import { appendSignature, makeIdentity, signCms } from '../support/cms';
import { makeElf, makeModule } from '../support/elf';

const ENTRIES = [
  'license=GPL',
  'parm=a:desc a',
  'parmtype=a:int',
  'parmtype=b:uint',
  'parm=c:only desc',
  'parm=nocolon',
  'parmtype=nocolon2',
  'version=',
  'novalue',
  '=x',
  '',
  'alias=x:y',
  'parm=a:second',
  'parmtype=a:long',
  'parm=multi:line1\nline2',
  'parmtype=:t',
  'parm=:d',
  'averyveryverylongkeyname=1',
  'parmtype=d:x:y',
  'parm=e:',
  'parmtype=f:',
];
const module = makeModule({ size: 64 }, ENTRIES);
const format = (file: Uint8Array, field: string | null = null, nul = false) =>
  formatModinfo(file, { filename: '/tmp/t.ko', name: 't', field, nul });

const FULL = `filename:       /tmp/t.ko
license:        GPL
version:        
novalue:        
:               x
alias:          x:y
averyveryverylongkeyname:         1
parm:           f:
parm:           e:
parm:           d:x:y
parm:           :d (t)
parm:           multi:line1
line2
parm:           c:only desc
parm:           b:uint
parm:           a:second (long)
`;

test('everything', () => {
  const output = format(module);
  assert.equal(output.text, FULL);
  assert.equal(output.failed, false);
  assert.deepEqual(output.errors, [
    `Found invalid "parm=nocolon": missing ':'`,
    `Found invalid "parmtype=nocolon2": missing ':'`,
  ]);
});

test('one field', () => {
  assert.equal(
    format(module, 'parm').text,
    'f: ()\ne:\nd: (x:y)\n:d (t)\nmulti:line1\nline2\nc:only desc\nb: (uint)\na:second (long)\n',
  );
  assert.equal(format(module, 'parmtype').text, 'a:int\nb:uint\nnocolon2\na:long\n:t\nd:x:y\nf:\n');
  assert.equal(format(module, 'license').text, 'GPL\n');
  assert.equal(format(module, 'version').text, '\n');
  assert.equal(format(module, 'none').text, '');
  assert.deepEqual(format(module, 'license').errors, []);
  assert.equal(format(new Uint8Array(), 'filename').text, '/tmp/t.ko\n');
});

test('with NUL', () => {
  const { text } = format(makeModule({ size: 64 }, ['license=GPL', 'flag', 'parm=a:d']), null, true);
  assert.equal(text, 'filename:       /tmp/t.ko\0license=GPL\0flag=\0parm:           a:d\0');
});

test('signatures: 20 bytes to a line', () => {
  const file = makeModule({ size: 64 }, ['license=GPL', 'parm=a:b']);
  const { text } = format(appendSignature(file, signCms(file, makeIdentity('Tester', 'rsa', 0x5a))));
  const lines = text.split('\n');
  assert.deepEqual(lines.slice(2, 6), [
    'sig_id:         PKCS#7',
    'signer:         Tester',
    'sig_key:        5A',
    'sig_hashalgo:   sha256',
  ]);
  assert.match(lines[6] ?? '', /^signature: {6}(?:[0-9A-F]{2}:){20}$/);
  assert.match(lines[7] ?? '', /^\t\t(?:[0-9A-F]{2}:){20}$/);
  // 256 bytes: twelve whole lines and one of 16.
  assert.match(lines[18] ?? '', /^\t\t(?:[0-9A-F]{2}:){15}[0-9A-F]{2}$/);
  assert.equal(lines[19], 'parm:           a:b');
});

test('files that are no modules', () => {
  const error = (file: Uint8Array) => [format(file).text, ...format(file).errors];
  const line = 'filename:       /tmp/t.ko\n';
  assert.deepEqual(error(Buffer.from('int x;')), [line, "could not get modinfo from 't': Exec format error"]);
  assert.deepEqual(error(new Uint8Array()), [line, "could not get modinfo from 't': Invalid argument"]);
  assert.deepEqual(error(module.subarray(0, 100)), [line, "could not get modinfo from 't': Invalid argument"]);
  assert.deepEqual(error(makeElf([])), [line, "could not get modinfo from 't': No such file or directory"]);
  assert.equal(format(makeElf([])).failed, true);
});

test('damaged modules never throw', () => {
  const edit = fc.tuple(fc.nat(module.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 8 }), fc.nat(module.length), (edits, length) => {
      const bytes = module.slice();
      for (const [at, value] of edits) bytes[at] = value;
      format(bytes);
      format(bytes.subarray(0, length), 'parm', true);
    }),
    { numRuns: 1000 },
  );
});
