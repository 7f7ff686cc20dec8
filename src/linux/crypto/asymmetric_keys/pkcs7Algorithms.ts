// Algorithms the kernel's PKCS#7 parser has names for (crypto/asymmetric_keys/pkcs7_parser.c), by object identifier.
import type { OidRegistry } from '../../lib/oidRegistry';

/** Digest algorithms, under the kernel's names. */
export const DIGEST_NAMES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.4', 'md4'],
  ['1.2.840.113549.2.5', 'md5'],
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
  ['2.16.840.1.101.3.4.2.4', 'sha224'],
  ['2.16.840.1.101.3.4.2.8', 'sha3-256'],
  ['2.16.840.1.101.3.4.2.9', 'sha3-384'],
  ['2.16.840.1.101.3.4.2.10', 'sha3-512'],
  ['1.2.156.10197.1.401', 'sm3'],
  ['1.2.643.7.1.1.2.2', 'streebog256'],
  ['1.2.643.7.1.1.2.3', 'streebog512'],
]);

export type SignatureName = 'rsa' | 'ecdsa' | 'sm2' | 'ecrdsa' | 'mldsa';

/** Signature algorithms. */
export const SIGNATURE_NAMES: ReadonlyMap<string, SignatureName> = new Map([
  ['1.2.840.113549.1.1.1', 'rsa'],
  ['1.2.840.10045.4.1', 'ecdsa'],
  ['1.2.840.10045.4.3.1', 'ecdsa'],
  ['1.2.840.10045.4.3.2', 'ecdsa'],
  ['1.2.840.10045.4.3.3', 'ecdsa'],
  ['1.2.840.10045.4.3.4', 'ecdsa'],
  ['2.16.840.1.101.3.4.3.10', 'ecdsa'],
  ['2.16.840.1.101.3.4.3.11', 'ecdsa'],
  ['2.16.840.1.101.3.4.3.12', 'ecdsa'],
  ['1.2.156.10197.1.501', 'sm2'],
  ['1.2.643.7.1.1.1.1', 'ecrdsa'],
  ['1.2.643.7.1.1.1.2', 'ecrdsa'],
  ['2.16.840.1.101.3.4.3.17', 'mldsa'],
  ['2.16.840.1.101.3.4.3.18', 'mldsa'],
  ['2.16.840.1.101.3.4.3.19', 'mldsa'],
]);

/** Digests that a kernel's parser takes only since the curves came, although it had numbers for them before. */
const DIGESTS_WITH_CURVES = ['sm3', 'streebog256', 'streebog512'];

/** The digest that a kernel takes an identifier for, or null. */
export function digestName(oid: string, registry: OidRegistry): string | null {
  const name = DIGEST_NAMES.get(oid);
  if (name === undefined || !registry.isKnown(oid)) return null;
  return registry.eras.has('curves') || !DIGESTS_WITH_CURVES.includes(name) ? name : null;
}

/** The signature algorithm that a kernel takes an identifier for, or null. */
export function signatureName(oid: string, registry: OidRegistry): SignatureName | null {
  const name = SIGNATURE_NAMES.get(oid);
  if (name === undefined || !registry.isKnown(oid)) return null;
  if (name === 'rsa') return name;
  // SM2 went about when SHA-3 came (6.8).
  return registry.eras.has('curves') && !(name === 'sm2' && registry.eras.has('sha3')) ? name : null;
}
