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

/** The secret part of a keyed hash. Each table has its own, so names cannot be chosen in advance to collide. */
export interface HashKey {
  readonly low: number;
  readonly high: number;
}

/** A random key. It affects only how long a look-up takes, never its result. */
export function newHashKey(): HashKey {
  const word = (): number => (Math.random() * 2 ** 32) | 0;
  return { low: word(), high: word() };
}

/**
 * HalfSipHash-1-3 (Aumasson and Bernstein) over bytes `start` to `end`, as a signed 32-bit number. It takes several times as
 * long as {@link hashBytes}, so only tables whose names collide there use it.
 */
export function keyedHash(bytes: Uint8Array, start: number, end: number, { low, high }: HashKey): number {
  let v0 = low;
  let v1 = high;
  let v2 = 0x6c796765 ^ low;
  let v3 = 0x74656462 ^ high;
  const last = end - ((end - start) & 3);
  // One turn for each word, one for the remaining bytes and the length, and three to finish.
  for (let at = start; at <= last + 12; at += 4) {
    let word =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    if (at >= last) word = at === last ? lastWord(bytes, at, end) | ((end - start) << 24) : 0;
    if (at === last + 4) v2 ^= 0xff;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return v1 ^ v3;
}

/** The up to three bytes from `at` on. */
function lastWord(bytes: Uint8Array, at: number, end: number): number {
  let word = 0;
  for (let i = end - 1; i >= at; i--) word = (word << 8) | (bytes[i] ?? 0);
  return word;
}
