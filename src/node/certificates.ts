// Files of X.509 certificates: PEM, or DER one after the other as extract-cert writes them.
import { byteString } from '../core/bytes/strings';
import { readTlv } from '../core/bytes/der';

/** Every certificate (DER) in a file; none when it is of another kind. */
export function certificatesIn(file: Uint8Array): Uint8Array[] {
  return file[0] === 0x30 ? derCertificates(file) : pemCertificates(file);
}

function derCertificates(file: Uint8Array): Uint8Array[] {
  const certificates: Uint8Array[] = [];
  for (let at = 0; at < file.length;) {
    const tlv = readTlv(file, at, file.length);
    if (!tlv || tlv.tag !== 0x30) break;
    certificates.push(file.slice(tlv.start, tlv.end));
    at = tlv.end;
  }
  return certificates;
}

function pemCertificates(file: Uint8Array): Uint8Array[] {
  const text = byteString(file, 0, file.length);
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g);
  return [...blocks].map(block => new Uint8Array(Buffer.from(block[1] ?? '', 'base64')));
}
