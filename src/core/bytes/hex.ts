// Bytes as lower-case hexadecimal text.

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  const pairs: string[] = [];
  for (const byte of bytes) pairs.push(PAIRS[byte] ?? '');
  return pairs.join('');
}
