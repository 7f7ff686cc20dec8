import assert from 'node:assert/strict';
import test from 'node:test';
import { toBytes } from '../../src/formats/bytes/strings';
import { parseConfig } from '../../src/target/config';

const parse = (text: string) => ({ ...parseConfig(toBytes(text)) });

test('keeps set options without prefix and quotes', () => {
  const text = [
    '#',
    '# Automatically generated file; DO NOT EDIT.',
    'CONFIG_SMP=y',
    'CONFIG_EXT4_FS=m',
    '# CONFIG_MODULE_SIG_FORCE is not set',
    'CONFIG_MODULE_SIG_HASH="sha256"',
    'CONFIG_LOCALVERSION=""',
    'CONFIG_CMDLINE="a \\"b\\" \\\\c"',
    'CONFIG_UNQUOTED=sha512',
    'CONFIG_NR_CPUS=8192',
    'CONFIG_OFF=n',
    'SMP=y',
    'CONFIG_=',
    'CONFIG_X',
    'CONFIG_LAST=0x10',
  ].join('\n');
  assert.deepEqual(parse(text), {
    SMP: 'y',
    EXT4_FS: 'm',
    MODULE_SIG_HASH: 'sha256',
    LOCALVERSION: '',
    CMDLINE: 'a "b" \\c',
    UNQUOTED: 'sha512',
    NR_CPUS: '8192',
    LAST: '0x10',
  });
});

test('an option named like a property of objects is just an option', () => {
  assert.equal(parseConfig(toBytes('CONFIG_A=y\n')).constructor, undefined);
  assert.equal(parseConfig(toBytes('CONFIG___proto__=y\n')).__proto__, 'y');
});
