// The kernel's sort: it sorts, and what it does with equal elements was computed with the kernel's own code.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { sort } from '../../../src/linux/lib/sort';

function sorted(keys: readonly number[], byThrees: boolean): number[] {
  const order = Uint32Array.from(keys, (_, i) => i);
  sort(order, (a, b) => (keys[a] ?? 0) - (keys[b] ?? 0), byThrees);
  return [...order];
}

test('both generations sort', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 200 }), fc.boolean(), (keys, byThrees) => {
      const result = sorted(keys, byThrees).map(i => keys[i]);
      assert.deepEqual(
        result,
        [...keys].sort((a, b) => a - b),
      );
    }),
  );
});

/** Made by lib/sort.c of 6.1 and 6.12, compiled as it is: keys, and the elements in the order each leaves them in. */
const ORDERS: readonly (readonly [keys: readonly number[], old: readonly number[], recent: readonly number[]])[] = [
  [
    [1, 1, 1, 1, 1, 1, 1],
    [1, 2, 3, 4, 5, 6, 0],
    [3, 1, 4, 5, 6, 2, 0],
  ],
  [
    [3, 1, 2, 1, 3, 2, 1, 3, 2, 2, 1],
    [3, 6, 10, 1, 5, 2, 9, 8, 4, 7, 0],
    [3, 6, 10, 1, 8, 9, 5, 2, 7, 4, 0],
  ],
  [
    [5, 5],
    [1, 0],
    [1, 0],
  ],
  [
    [2, 2, 1],
    [2, 1, 0],
    [2, 1, 0],
  ],
];

test('equal elements come in the order of lib/sort.c', () => {
  for (const [keys, old, recent] of ORDERS) {
    assert.deepEqual(sorted(keys, false), old);
    assert.deepEqual(sorted(keys, true), recent);
  }
});
