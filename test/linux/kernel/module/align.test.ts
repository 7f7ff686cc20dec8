// ALIGN() of the kernel, for alignments no tool would write as well: files may hold anything.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { alignUp } from '../../../../src/linux/kernel/module/align';

/** `((x) + ((typeof(x))(a) - 1)) & ~((typeof(x))(a) - 1)` with x an unsigned int. */
function kernelAlign(x: number, a: bigint): number {
  const mask = BigInt.asUintN(32, a) - 1n;
  return Number(BigInt.asUintN(32, (BigInt(x) + mask) & ~mask));
}

test('powers of two round up', () => {
  for (const [value, align, expected] of [
    [0, 16, 0],
    [1, 16, 16],
    [16, 16, 16],
    [17, 1, 17],
    [0x13, 4, 0x14],
    [4095, 4096, 4096],
    [0x7fff_ffff, 4096, 0x8000_0000],
  ] as const)
    assert.equal(alignUp(value, align), expected, `${value} to ${align}`);
});

test('other numbers go by their bits', () => {
  // 3 - 1 is binary 10: only that bit is cleared.
  assert.equal(alignUp(1, 3), 1);
  assert.equal(alignUp(0x10, 3), 0x10);
  assert.equal(alignUp(4, 0x16), 8);
  assert.equal(alignUp(100, 12), 100);
  assert.equal(alignUp(0xffff_ffff, 16), 0, 'sizes wrap');
});

test('as the kernel computes it', () => {
  const align = fc.oneof(
    fc.nat(70_000),
    fc.nat(31).map(shift => 2 ** shift),
    fc.bigInt(1n, 2n ** 53n - 1n).map(Number),
  );
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), align, (value, a) => {
      assert.equal(alignUp(value, Math.max(a, 1)), kernelAlign(value, BigInt(Math.max(a, 1))));
    }),
    { numRuns: 3000, seed: 5 },
  );
});
