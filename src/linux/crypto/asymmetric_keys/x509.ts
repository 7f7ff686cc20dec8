// The fields of an X.509 certificate by which the kernel tells keys apart (crypto/asymmetric_keys/x509_cert_parser.c).
import { INTEGER, OCTET_STRING, SEQUENCE, childrenOf, hasTag, oidOf, readValue, type Asn1Value } from '../../lib/asn1';

/** Byte fields are contents (without tag and length), as views into the certificate. */
export interface CertificateIds {
  readonly issuer: Uint8Array;
  readonly serial: Uint8Array;
  readonly subject: Uint8Array;
  readonly subjectKeyIdentifier: Uint8Array | null;
  /** Of the certificate that signed this one, where this one says so. */
  readonly authorityKeyIdentifier: Uint8Array | null;
}

/** Reads them from DER; null when the bytes are not a certificate. Never throws. */
export function readCertificateIds(der: Uint8Array): CertificateIds | null {
  const [signed] = childrenOf(readValue(der) ?? undefined, SEQUENCE) ?? [];
  const fields = childrenOf(signed, SEQUENCE) ?? [];
  // The version is left out of certificates of version 1.
  const [serial, , issuer, , subject] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields;
  if (!hasTag(serial, INTEGER) || !hasTag(issuer, SEQUENCE) || !hasTag(subject, SEQUENCE)) return null;
  const extensions = readExtensions(fields);
  const own = extensions.get(SUBJECT_KEY_IDENTIFIER);
  const [authority] = childrenOf(extensions.get(AUTHORITY_KEY_IDENTIFIER), SEQUENCE) ?? [];
  return {
    issuer: issuer.contents,
    serial: serial.contents,
    subject: subject.contents,
    subjectKeyIdentifier: hasTag(own, OCTET_STRING) ? own.contents : null,
    // The key identifier is the first field, where there is one.
    authorityKeyIdentifier: hasTag(authority, 0x80) ? authority.contents : null,
  };
}

const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';

/** The value inside each extension, by object identifier. */
function readExtensions(fields: readonly Asn1Value[]): Map<string, Asn1Value> {
  const extensions = new Map<string, Asn1Value>();
  const [list] =
    childrenOf(
      fields.find(field => field.tag === 0xa3),
      0xa3,
    ) ?? [];
  for (const extension of childrenOf(list, SEQUENCE) ?? []) {
    const parts = childrenOf(extension, SEQUENCE) ?? [];
    const id = oidOf(parts[0]);
    const wrapped = parts.at(-1);
    const value = hasTag(wrapped, OCTET_STRING) ? readValue(wrapped.contents) : null;
    if (id !== null && value) extensions.set(id, value);
  }
  return extensions;
}
