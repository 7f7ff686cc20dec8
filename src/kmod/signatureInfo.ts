// A module's signature in the words kmod has for it (what modinfo shows).
import { byteString } from '../formats/bytes/strings';
import { SEQUENCE, SET, childrenOf, oidOf, type Asn1Value } from '../linux/lib/asn1';
import { parsePkcs7 } from '../linux/crypto/asymmetric_keys/pkcs7';
import { DIGEST_NAMES } from '../linux/crypto/asymmetric_keys/pkcs7Algorithms';
import { readModuleSignature, type ModuleSignature } from '../formats/ko/signature';

export interface SignatureInfo {
  /** PGP, X509 or PKCS#7. */
  readonly idType: string;
  /** A byte string: for PKCS#7 the issuer's common name. */
  readonly signer: string;
  /** For PKCS#7 the serial number of the signer's certificate. */
  readonly key: Uint8Array;
  readonly hashAlgorithm: string;
  readonly signature: Uint8Array;
}

/** Describes the signature at the end of a module; null when there is none or kmod would not show it. */
export function describeSignature(file: Uint8Array): SignatureInfo | null {
  const trailer = readModuleSignature(file);
  if (!trailer || trailer.sig_len === 0) return null;
  const idType = ID_TYPES[trailer.id_type];
  const hash = HASHES[trailer.hash];
  if (idType === undefined || hash === undefined || trailer.algo >= ALGORITHMS) return null;
  if (trailer.signer_len + trailer.key_id_len + trailer.sig_len > trailer.sigEnd) return null;
  if (trailer.id_type === PKCS7) return describePkcs7(file.subarray(trailer.sigStart, trailer.sigEnd), idType);
  return describePlain(file, trailer, idType, hash);
}

/** enum pkey_id_type, enum pkey_hash_algo, and how many values enum pkey_algo has (kernel up to 4.2). */
const ID_TYPES = ['PGP', 'X509', 'PKCS#7'];
const HASHES = ['md4', 'md5', 'sha1', 'rmd160', 'sha256', 'sha384', 'sha512', 'sha224', 'sm3'];
const ALGORITHMS = 2;
const PKCS7 = 2;

/** Up to Linux 4.2: name, key identifier and signature one after the other. */
function describePlain(file: Uint8Array, trailer: ModuleSignature, idType: string, hash: string): SignatureInfo {
  const keyStart = trailer.sigStart - trailer.key_id_len;
  return {
    idType,
    signer: byteString(file, keyStart - trailer.signer_len, keyStart),
    key: file.subarray(keyStart, trailer.sigStart),
    hashAlgorithm: hash,
    signature: file.subarray(trailer.sigStart, trailer.sigEnd),
  };
}

function describePkcs7(bytes: Uint8Array, idType: string): SignatureInfo | null {
  const message = parsePkcs7(bytes);
  const signer = message.ok ? message.value.signers[0] : undefined;
  // kmod needs the serial number, which a signer named by its key identifier does not have.
  if (signer?.id.kind !== 'issuerAndSerial') return null;
  const digest = DIGEST_NAMES.get(signer.digestAlgorithm);
  if (digest === undefined || !HASHES.includes(digest)) return null;
  return {
    idType,
    signer: commonName(signer.id.issuer),
    key: magnitude(signer.id.serial),
    hashAlgorithm: digest,
    signature: signer.signature,
  };
}

/** 2.5.4.3, id-at-commonName. */
const COMMON_NAME = '2.5.4.3';

/** The first common name in an X.501 Name; where there is none, the last attribute's value. */
function commonName(name: Asn1Value): string {
  let last = '';
  for (const attribute of (childrenOf(name, SEQUENCE) ?? []).flatMap(rdn => childrenOf(rdn, SET) ?? [])) {
    const [type, value] = childrenOf(attribute, SEQUENCE) ?? [];
    const kind = oidOf(type);
    if (kind === null || !value) continue;
    last = byteString(value.contents, 0, value.contents.length);
    if (kind === COMMON_NAME) return last;
  }
  return last;
}

/** The absolute value of a DER INTEGER, without leading zeroes. */
function magnitude(integer: Uint8Array): Uint8Array {
  const bytes = integer.slice();
  if ((bytes[0] ?? 0) & 0x80) {
    let carry = 1;
    for (let i = bytes.length - 1; i >= 0; i--) {
      const sum = (~(bytes[i] ?? 0) & 0xff) + carry;
      bytes[i] = sum & 0xff;
      carry = sum >> 8;
    }
  }
  const first = bytes.findIndex(byte => byte !== 0);
  return first < 0 ? new Uint8Array() : bytes.subarray(first);
}
