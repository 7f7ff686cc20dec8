/**
 * The kernel's ALIGN() of an unsigned int: `(x + (u32)a - 1) & ~((u32)a - 1)`, for any `a` a file may hold. For a power
 * of two this rounds up; for anything else the bit pattern decides, as it does in the kernel.
 */
export function alignUp(value: number, align: number): number {
  const mask = ((align >>> 0) - 1) | 0;
  return ((value + mask) & ~mask) >>> 0;
}
