// What fnmatch(3) of glibc answers for the same patterns.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { fnmatch } from '../../src/kmod/fnmatch';

const MATCHES: readonly (readonly [pattern: string, text: string])[] = [
  ['', ''],
  ['*', ''],
  ['a*', 'a/b.c'],
  ['*a*b', 'xaxxb'],
  ['?', '.'],
  ['[a-c]x', 'bx'],
  ['[!a-c]', 'd'],
  ['[^a]', 'b'],
  ['[]a]', ']'],
  ['[a-]', '-'],
  ['[[:digit:]x]', '7'],
  ['\\*', '*'],
  ['[\\]]', ']'],
  ['[', '['],
  ['a[b', 'a[b'],
  ['pci:v*d*sv*sd*bc03sc*i*', 'pci:v00008086d00000166sv0sd0bc03sc00i00'],
];

const DIFFERS: readonly (readonly [pattern: string, text: string])[] = [
  ['', 'a'],
  ['a', ''],
  ['?', ''],
  ['*a', 'ab'],
  ['[!a-c]', 'b'],
  ['[a-c]', '-'],
  ['\\*', 'a'],
  ['\\', '\\'],
  ['a[b', 'ab'],
  ['A', 'a'],
];

test('patterns that match, and that do not', () => {
  for (const [pattern, text] of MATCHES) assert.equal(fnmatch(pattern, text), true, `${pattern} ${text}`);
  for (const [pattern, text] of DIFFERS) assert.equal(fnmatch(pattern, text), false, `${pattern} ${text}`);
});

test('many stars take no time', () => {
  assert.equal(fnmatch('*a'.repeat(40) + 'b', 'a'.repeat(5000)), false);
});

test('any pattern gets an answer, and text without wildcards matches itself', () => {
  const text = fc.string({ maxLength: 20 });
  fc.assert(
    fc.property(text, text, (pattern, other) => {
      fnmatch(pattern, other);
      if (!/[*?[\\]/.test(pattern)) assert.equal(fnmatch(pattern, pattern), true);
    }),
    { numRuns: 1000, seed: 20260 },
  );
});
