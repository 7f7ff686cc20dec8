// Files of X.509 certificates: PEM, or DER one after the other as extract-cert writes them.
import { byteString } from '../../formats/bytes/strings';

/** Every certificate (DER) in a file; none when it is of another kind. */
export function certificatesIn(file: Uint8Array): Uint8Array[] {
  return file[0] === SEQUENCE ? derCertificates(file) : pemCertificates(file);
}

/** The byte every certificate in DER starts with. */
const SEQUENCE = 0x30;

function derCertificates(file: Uint8Array): Uint8Array[] {
  const certificates: Uint8Array[] = [];
  for (let rest = file; rest[0] === SEQUENCE;) {
    const size = sizeOfValue(rest);
    if (size > rest.length) break;
    certificates.push(rest.slice(0, size));
    rest = rest.subarray(size);
  }
  return certificates;
}

/** Bytes of the value that starts here, tag and length included; Infinity for a length no certificate has. */
function sizeOfValue(bytes: Uint8Array): number {
  const [, length = 0, first = 0, second = 0] = bytes;
  if (length < 0x80) return 2 + length;
  return length === 0x81 ? 3 + first : length === 0x82 ? 4 + first * 256 + second : Infinity;
}

function pemCertificates(file: Uint8Array): Uint8Array[] {
  const text = byteString(file, 0, file.length);
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g);
  return [...blocks].map(block => fromBase64(block[1] ?? ''));
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** What is no digit is passed over. */
function fromBase64(text: string): Uint8Array {
  const bytes: number[] = [];
  let [bits, value] = [0, 0];
  for (const char of text) {
    const digit = DIGITS.indexOf(char);
    if (digit < 0) continue;
    value = ((value << 6) | digit) & 0xffff;
    bits += 6;
    if (bits >= 8) bytes.push((value >> (bits -= 8)) & 0xff);
  }
  return Uint8Array.from(bytes);
}
