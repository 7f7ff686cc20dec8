// The keyed hash gives what Linux's hsiphash() of 32-bit machines gives (lib/siphash_kunit.c has the key and the values).
import assert from 'node:assert/strict';
import test from 'node:test';
import { keyedHash, newHashKey } from '../../../src/formats/bytes/hash';

test('the keyed hash is HalfSipHash-1-3', () => {
  const bytes = Uint8Array.from({ length: 6 }, (_, i) => i);
  const key = { low: 0x03020100, high: 0x07060504 };
  const hashes = Array.from(bytes, length => keyedHash(bytes, 0, length, key) >>> 0);
  assert.deepEqual(hashes, [0x5814c896, 0xe7e864ca, 0xbc4b0e30, 0x01539939, 0x7e059ea6, 0x88e3d89b]);
  // Wherever the bytes lie.
  const moved = Uint8Array.of(9, 9, 9, ...bytes);
  assert.equal(keyedHash(moved, 3, 8, key) >>> 0, hashes[5]);
});

test('two keys differ', () => {
  const [one, other] = [newHashKey(), newHashKey()];
  assert.notDeepEqual(one, other);
});
