// The fields of an X.509 certificate by which the kernel tells keys apart (crypto/asymmetric_keys/x509_cert_parser.c).
import { INTEGER, OCTET_STRING, OID, SEQUENCE, oidText, readAll, readTlv, type Tlv } from '../bytes/der';

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
  const outer = readTlv(der, 0, der.length);
  const parts = outer?.tag === SEQUENCE ? readAll(der, outer.from, outer.end) : null;
  const fields = parts?.[0]?.tag === SEQUENCE ? readAll(der, parts[0].from, parts[0].end) : null;
  if (!fields) return null;
  // The version is left out of certificates of version 1.
  const [serial, , issuer, , subject] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields;
  if (serial?.tag !== INTEGER || issuer?.tag !== SEQUENCE || subject?.tag !== SEQUENCE) return null;
  const extensions = readExtensions(der, fields);
  const own = extensions.get(SUBJECT_KEY_IDENTIFIER);
  const authority = extensions.get(AUTHORITY_KEY_IDENTIFIER);
  return {
    issuer: bytesOf(der, issuer),
    serial: bytesOf(der, serial),
    subject: bytesOf(der, subject),
    subjectKeyIdentifier: own ? innerBytes(own, OCTET_STRING) : null,
    authorityKeyIdentifier: authority ? keyIdentifierIn(authority) : null,
  };
}

const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';

/** Contents of each extension's value, by object identifier. */
function readExtensions(der: Uint8Array, fields: readonly Tlv[]): Map<string, Uint8Array> {
  const extensions = new Map<string, Uint8Array>();
  const wrapped = fields.find(field => field.tag === 0xa3);
  const list = wrapped && readTlv(der, wrapped.from, wrapped.end);
  for (const extension of (list && readAll(der, list.from, list.end)) ?? []) {
    const parts = readAll(der, extension.from, extension.end) ?? [];
    const [id] = parts;
    const value = parts.at(-1);
    if (id?.tag === OID && value?.tag === OCTET_STRING)
      extensions.set(oidText(der, id.from, id.end), bytesOf(der, value));
  }
  return extensions;
}

/** AuthorityKeyIdentifier's first field, where it has that one. */
function keyIdentifierIn(value: Uint8Array): Uint8Array | null {
  const list = innerBytes(value, SEQUENCE);
  return list && innerBytes(list, 0x80);
}

function innerBytes(bytes: Uint8Array, tag: number): Uint8Array | null {
  const value = readTlv(bytes, 0, bytes.length);
  return value?.tag === tag ? bytesOf(bytes, value) : null;
}

function bytesOf(bytes: Uint8Array, value: Tlv): Uint8Array {
  return bytes.subarray(value.from, value.end);
}
