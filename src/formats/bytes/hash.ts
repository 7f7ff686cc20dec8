// Hashing and comparing ranges of bytes, for look-ups that make no strings.

/** FNV-1a's start value and factor, as 32-bit numbers. */
export const FNV_OFFSET = -2128831035;
export const FNV_PRIME = 16777619;

/** FNV-1a over bytes `start` to `end`, as a signed 32-bit number. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), FNV_PRIME);
  return hash;
}

/** Whether `length` bytes at `a[aStart]` and at `b[bStart]` are equal. */
export function sameBytes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[aStart + i] !== b[bStart + i]) return false;
  return true;
}
