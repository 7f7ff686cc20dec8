import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { toBytes } from '../../../src/formats/bytes/strings';
import { getModinfo, modinfoEntries, modinfoValues } from '../../../src/formats/ko/modinfo';

const section = toBytes('\0\0license=GPL\0alias=a\0\0\0alias=b=c\0licensed=x\0license=MIT\0novalue\0=v\0last=e');

test('the first entry with the tag counts', () => {
  assert.equal(getModinfo(section, 'license'), 'GPL');
  assert.equal(getModinfo(section, 'licensed'), 'x');
  assert.equal(getModinfo(section, 'novalue'), null);
  assert.equal(getModinfo(section, 'lic'), null);
  assert.equal(getModinfo(section, ''), 'v');
});

test('an entry at the end of the section needs no NUL', () => {
  assert.equal(getModinfo(section, 'last'), 'e');
  assert.equal(getModinfo(section.subarray(0, section.length - 1), 'last'), '');
  assert.equal(getModinfo(section.subarray(0, section.length - 2), 'last'), null);
});

test('all values, all entries', () => {
  assert.deepEqual(modinfoValues(section, 'alias'), ['a', 'b=c']);
  assert.equal([...modinfoEntries(section)].length, 8);
  assert.deepEqual([...modinfoEntries(toBytes('\0\0'))], []);
});

test('no bytes make it throw, and look-up agrees with the list', () => {
  const piece = fc.constantFrom('\0', '=', 'a', 'b', 'a=', '\xff');
  fc.assert(
    fc.property(
      fc.array(piece).map(p => p.join('')),
      fc.constantFrom('', 'a', 'ab'),
      (text, tag) => {
        const bytes = toBytes(text);
        assert.equal(getModinfo(bytes, tag), modinfoValues(bytes, tag)[0] ?? null);
      },
    ),
    { numRuns: 1000 },
  );
});
