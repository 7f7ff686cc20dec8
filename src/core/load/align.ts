/**
 * The kernel's ALIGN(): `(x + a - 1) & ~(a - 1)`, for any `a` a file may hold. For a power of two this rounds up;
 * for anything else the bit pattern decides, as it does in the kernel.
 */
export function alignUp(value: number, align: number): number {
  if (align <= 1) return value;
  if (value < 0x4000_0000 && align < 0x4000_0000) return ((value + align - 1) & ~(align - 1)) >>> 0;
  const mask = BigInt.asUintN(64, BigInt(align) - 1n);
  return Number(BigInt.asUintN(32, BigInt.asUintN(64, BigInt(value) + mask) & ~mask));
}
