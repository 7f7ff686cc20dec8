// Bytes as lower-case hexadecimal text.

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  const pairs: string[] = [];
  for (const byte of bytes) pairs.push(PAIRS[byte] ?? '');
  return pairs.join('');
}

/** The bytes of hex text; null when it is not hex of whole bytes. */
export function fromHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0 || /[^0-9a-fA-F]/.test(text)) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** 0x and eight digits; null for no CRC, and for one that does not fit 32 bits. */
export const hexCrc = (crc: number | null): string | null =>
  crc === null || Number.isNaN(crc) ? null : `0x${crc.toString(16).padStart(8, '0')}`;
