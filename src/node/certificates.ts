// Files of X.509 certificates: PEM, or DER one after the other as extract-cert writes them.
import { X509Certificate } from 'node:crypto';
import { byteString } from '../core/bytes/strings';

/** Every certificate (DER) in a file; none when it is of another kind. */
export function certificatesIn(file: Uint8Array): Uint8Array[] {
  return file[0] === SEQUENCE ? derCertificates(file) : pemCertificates(file);
}

/** The byte every certificate in DER starts with. */
const SEQUENCE = 0x30;

function derCertificates(file: Uint8Array): Uint8Array[] {
  const certificates: Uint8Array[] = [];
  for (let at = 0; at < file.length;) {
    const certificate = readOne(file.subarray(at));
    if (!certificate) break;
    certificates.push(certificate);
    at += certificate.length;
  }
  return certificates;
}

/** The certificate these bytes start with. */
function readOne(bytes: Uint8Array): Uint8Array | null {
  try {
    return new Uint8Array(new X509Certificate(bytes).raw);
  } catch {
    return null;
  }
}

function pemCertificates(file: Uint8Array): Uint8Array[] {
  const text = byteString(file, 0, file.length);
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g);
  return [...blocks].map(block => new Uint8Array(Buffer.from(block[1] ?? '', 'base64')));
}
