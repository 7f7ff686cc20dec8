// Files of X.509 certificates: PEM, or DER one after the other as extract-cert writes them.
import { byteString } from '../../formats/bytes/strings';
import type * as Asn1 from '../../linux/lib/asn1';

/** Every certificate (DER) in a file; none when it is of another kind. */
export function certificatesIn(file: Uint8Array): Uint8Array[] {
  return file[0] === SEQUENCE ? derCertificates(file) : pemCertificates(file);
}

/** The byte every certificate in DER starts with. */
const SEQUENCE = 0x30;

function derCertificates(file: Uint8Array): Uint8Array[] {
  // require, for the reason given in lazyPkcs7.ts: few targets have such a file.
  const { readValue } = require('../../linux/lib/asn1') as typeof Asn1;
  const certificates: Uint8Array[] = [];
  for (let rest = file; rest.length > 0;) {
    const value = readValue(rest);
    if (value?.tag !== SEQUENCE) break;
    certificates.push(value.encoded.slice());
    rest = rest.subarray(value.encoded.length);
  }
  return certificates;
}

function pemCertificates(file: Uint8Array): Uint8Array[] {
  const text = byteString(file, 0, file.length);
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g);
  return [...blocks].map(block => new Uint8Array(Buffer.from(block[1] ?? '', 'base64')));
}
