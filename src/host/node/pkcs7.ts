// Checking module signatures as the kernel does (crypto/asymmetric_keys: pkcs7_verify.c, pkcs7_trust.c, public_key.c).
import { note, type Note } from '../../findings/notes';
import { X509Certificate, verify, type KeyObject } from 'node:crypto';
import type { KernelFacts, KnownSigner, Pkcs7Verdict, VerifyPkcs7 } from '../../target/types';
import { err, warn, type LogLine } from '../../findings/types';
import { EBADMSG, EINVAL, EKEYREJECTED, ENOKEY, ENOPKG } from '../../linux/errno';
import { deriveFeatures } from '../../linux/deriveFeatures';
import { ecdsaNumbers } from '../../linux/crypto/asymmetric_keys/ecdsaSignature';
import {
  parsePkcs7,
  signerIds,
  type Pkcs7Message,
  type Pkcs7Result,
  type SignerInfo,
} from '../../linux/crypto/asymmetric_keys/pkcs7';
import { DIGEST_NAMES, SIGNATURE_NAMES } from '../../linux/crypto/asymmetric_keys/pkcs7Algorithms';
import { OID_DATA } from '../../linux/crypto/asymmetric_keys/pkcs7Attributes';
import { similarMessagesParser } from '../../linux/crypto/asymmetric_keys/similarMessages';
import { readCertificateIds, type CertificateIds } from '../../linux/crypto/asymmetric_keys/x509';

/**
 * What verify_pkcs7_signature() returns for a detached module signature: 0 or the errno of the first check that fails,
 * in the kernel's order. Where the kernel's keyring is not known, a signer of its own modules is taken as trusted and
 * any other as unknown, with `checked` false. Never throws.
 */
export const verifyPkcs7: VerifyPkcs7 = (data, pkcs7, facts) => {
  const { parse, platformKeyring } = readerOf(facts);
  const parsed = parse(pkcs7);
  if (!parsed.ok) return { ...verdict(parsed.errno, parsed.reason), log: parsed.log };
  const answer = verifyMessage(parsed.value, data, facts);
  const log = [...parsed.log, ...answer.log];
  return { ...answer, log: platformKeyring && answer.errno === ENOKEY ? [...log, ...log] : log };
};

/** Of a whole tree, thousands of modules are verified for one kernel. */
const readers = new WeakMap<KernelFacts, Reader>();

interface Reader {
  readonly parse: (pkcs7: Uint8Array) => Pkcs7Result;
  readonly platformKeyring: boolean;
}

function readerOf(facts: KernelFacts): Reader {
  let known = readers.get(facts);
  if (!known) {
    const { oids, platformKeyring } = deriveFeatures(facts);
    readers.set(facts, (known = { parse: similarMessagesParser(oids), platformKeyring }));
  }
  return known;
}

function verifyMessage(message: Pkcs7Message, data: Uint8Array, facts: KernelFacts): Pkcs7Verdict {
  const carried = message.certificates.map(readCertificate);
  if (!carried.every(certificate => certificate !== null)) {
    return verdict(EBADMSG, note('signature-certificate'));
  }
  const refuse = (errno: number, reason: Note, line: LogLine): Pkcs7Verdict => ({
    ...verdict(errno, reason),
    log: [line],
  });
  if (message.content)
    return refuse(EBADMSG, note('signature-content'), err('PKCS#7 signature with non-detached data'));
  if (message.contentType !== OID_DATA)
    return refuse(EKEYREJECTED, note('signature-no-data'), warn('PKCS7: Invalid module sig (not pkcs7-data)'));
  if (message.signers.some(signer => signer.hasAuthenticatedAttributes))
    return refuse(EKEYREJECTED, note('signature-attributes'), warn('PKCS7: Invalid module sig (has authattrs)'));
  const usable: Chain[] = [];
  for (const signer of message.signers) {
    if (!canVerify(signer, facts)) continue;
    const chain = chainOf(signer, data, carried);
    if (!chain) return verdict(EKEYREJECTED, note('signature-differs'));
    usable.push(chain);
  }
  if (usable.length === 0) {
    const missing = message.signers.map(algorithms).reduce((first, second) => note('either', { first, second }));
    return verdict(ENOPKG, note('signature-built-without', { algorithms: missing }));
  }
  return facts.trustedKeys
    ? checkTrust(usable, data, facts.trustedKeys.certificates, facts.trustedKeys.source)
    : assumeTrust(signerIds(message), data, facts);
}

/** Who signed, by name only; nobody when the bytes are no PKCS#7 message. */
export function signersOf(pkcs7: Uint8Array): KnownSigner[] {
  const message = parsePkcs7(pkcs7);
  return message.ok ? signerIds(message.value) : [];
}

function verdict(errno: number, reason: Note, checked = true): Pkcs7Verdict {
  return { errno, checked, note: reason, log: [] };
}

interface Certificate {
  readonly x509: X509Certificate;
  readonly key: KeyObject;
  readonly ids: CertificateIds;
  /** The subject's common name, as people call the certificate, else its whole name; quoted. */
  readonly name: string;
}

/** A signer, its certificate if the message carries it, then that one's issuer and so on. */
interface Chain {
  readonly signer: SignerInfo;
  readonly certificates: readonly Certificate[];
}

function readCertificate(der: Uint8Array): Certificate | null {
  const ids = readCertificateIds(der);
  if (!ids) return null;
  try {
    const x509 = new X509Certificate(der);
    return { x509, key: x509.publicKey, ids, name: nameOf(x509) };
  } catch {
    return null;
  }
}

/** Options, any of which provides a digest; a kernel without one answers ENOPKG. */
const DIGEST_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  md4: ['CRYPTO_MD4'],
  md5: ['CRYPTO_MD5'],
  sha1: ['CRYPTO_SHA1'],
  sha224: ['CRYPTO_SHA256'],
  sha256: ['CRYPTO_SHA256'],
  sha384: ['CRYPTO_SHA512'],
  sha512: ['CRYPTO_SHA512'],
  'sha3-256': ['CRYPTO_SHA3'],
  'sha3-384': ['CRYPTO_SHA3'],
  'sha3-512': ['CRYPTO_SHA3'],
  sm3: ['CRYPTO_SM3', 'CRYPTO_SM3_GENERIC'],
};

/** Whether the kernel has the algorithms. The Russian and Chinese ones are nowhere built in and not done here. */
function canVerify(signer: SignerInfo, { config }: KernelFacts): boolean {
  const options = DIGEST_OPTIONS[DIGEST_NAMES.get(signer.digestAlgorithm) ?? ''] ?? [];
  // An algorithm built as a module is not there on a machine that has loaded nothing yet.
  if (!options.some(option => config[option] === 'y')) return false;
  switch (SIGNATURE_NAMES.get(signer.signatureAlgorithm)) {
    case 'rsa':
      return Boolean(config.CRYPTO_RSA);
    case 'ecdsa':
      return Boolean(config.CRYPTO_ECDSA);
    default:
      return false;
  }
}

function algorithms({ digestAlgorithm, signatureAlgorithm }: SignerInfo): Note {
  return note('algorithm-pair', {
    digest: DIGEST_NAMES.get(digestAlgorithm) ?? digestAlgorithm,
    signature: SIGNATURE_NAMES.get(signatureAlgorithm) ?? signatureAlgorithm,
  });
}

/** pkcs7_verify_one(): null when a signature inside the message is wrong. */
function chainOf(signer: SignerInfo, data: Uint8Array, carried: readonly Certificate[]): Chain | null {
  const certificates: Certificate[] = [];
  let current = carried.find(certificate => isSigner(signer, certificate));
  if (current && !signedBy(signer, data, current.key)) return null;
  while (current && !certificates.includes(current)) {
    certificates.push(current);
    const { ids, x509 } = current;
    if (isSelfSigned(current)) break;
    const issuer = carried.find(certificate => isIssuer(ids, certificate.ids));
    if (issuer && !x509.verify(issuer.key)) return null;
    current = issuer;
  }
  return { signer, certificates };
}

/** Certificates of keyrings, each parsed once. */
const keyrings = new WeakMap<readonly Uint8Array[], readonly Certificate[]>();

function readKeyring(keyring: readonly Uint8Array[]): readonly Certificate[] {
  const known = keyrings.get(keyring) ?? keyring.map(readCertificate).filter(certificate => certificate !== null);
  keyrings.set(keyring, known);
  return known;
}

/** pkcs7_validate_trust() for one keyring. */
function checkTrust(
  chains: readonly Chain[],
  data: Uint8Array,
  keyring: readonly Uint8Array[],
  source: string,
): Pkcs7Verdict {
  const trusted = readKeyring(keyring);
  let found: Certificate | null = null;
  for (const chain of chains) {
    const match = trustedKey(chain, trusted);
    // A look-up in a keyring wants something to look for (asymmetric_key_hex_to_key_id()).
    if (!match && isNameless(chain.signer)) return verdict(EINVAL, note('signature-nameless'));
    if (!match) continue;
    const { child, by } = match;
    if (child ? !child.x509.verify(by.key) : !signedBy(chain.signer, data, by.key)) {
      return verdict(EKEYREJECTED, note('signature-key-differs', { key: by.name, keyring: source }));
    }
    found = by;
  }
  return found
    ? verdict(0, note('signature-trusted', { key: found.name, keyring: source }))
    : verdict(ENOKEY, note('signature-untrusted', { keyring: source }));
}

/** The trusted key that must have made a signature: the one on `child`, or on the module when that is null. */
function trustedKey(
  { signer, certificates }: Chain,
  trusted: readonly Certificate[],
): { child: Certificate | null; by: Certificate } | null {
  let child: Certificate | null = null;
  for (const certificate of certificates) {
    const same = trusted.find(({ ids }) => sameKey(ids, certificate.ids));
    if (same) return { child, by: same };
    if (isSelfSigned(certificate)) return null;
    child = certificate;
  }
  const root = child?.ids;
  const issuer = root && trusted.find(({ ids }) => isIssuer(root, ids));
  if (issuer) return { child, by: issuer };
  const direct = trusted.find(certificate => isSigner(signer, certificate));
  return direct ? { child: null, by: direct } : null;
}

/** The keyring is not known: only who signed can be compared. */
function assumeTrust(signers: ReturnType<typeof signerIds>, data: Uint8Array, facts: KernelFacts): Pkcs7Verdict {
  // Of a tree without modules only the headers are there: then the module's own word is all there is.
  if (facts.ownSigners.length === 0)
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength).includes('\0intree=Y\0')
      ? verdict(0, note('signature-assumed-own'), false)
      : verdict(ENOKEY, note('signature-signer-not-known'), false);
  const own = signers.some(signer =>
    facts.ownSigners.some(
      known =>
        (signer.issuerAndSerial !== null && signer.issuerAndSerial === known.issuerAndSerial) ||
        (signer.keyIdentifier !== null && signer.keyIdentifier === known.keyIdentifier),
    ),
  );
  return own ? verdict(0, note('signature-assumed'), false) : verdict(ENOKEY, note('signature-assumed-unknown'), false);
}

/** Curves that kernels know, with the size of their order in bytes. */
const ORDER_SIZES: Readonly<Record<string, number>> = { prime192v1: 24, prime256v1: 32, secp384r1: 48, secp521r1: 66 };

/** public_key_verify_signature(): RSA with PKCS#1 v1.5 padding, or ECDSA. */
function signedBy(signer: SignerInfo, data: Uint8Array, key: KeyObject): boolean {
  const kind = SIGNATURE_NAMES.get(signer.signatureAlgorithm) === 'rsa' ? 'rsa' : 'ec';
  const digest = DIGEST_NAMES.get(signer.digestAlgorithm);
  if (key.asymmetricKeyType !== kind || digest === undefined) return false;
  try {
    if (kind === 'rsa') return verify(digest, data, key, signer.signature);
    const size = ORDER_SIZES[key.asymmetricKeyDetails?.namedCurve ?? ''];
    const numbers = size === undefined ? null : ecdsaNumbers(signer.signature, size);
    return numbers !== null && verify(digest, data, { key, dsaEncoding: 'ieee-p1363' }, numbers);
  } catch {
    // The library refuses digests it finds too weak, and malformed signatures.
    return false;
  }
}

function isNameless({ id }: SignerInfo): boolean {
  return id.kind === 'issuerAndSerial'
    ? id.issuer.contents.length + id.serial.length === 0
    : id.keyIdentifier.length === 0;
}

function isSigner({ id }: SignerInfo, { ids }: Certificate): boolean {
  return id.kind === 'issuerAndSerial'
    ? equal(id.issuer.contents, ids.issuer) && equal(id.serial, ids.serial)
    : ids.subjectKeyIdentifier !== null && equal(id.keyIdentifier, ids.subjectKeyIdentifier);
}

function isIssuer(child: CertificateIds, issuer: CertificateIds): boolean {
  const { authorityKeyIdentifier: wanted } = child;
  if (wanted) return issuer.subjectKeyIdentifier !== null && equal(wanted, issuer.subjectKeyIdentifier);
  return equal(child.issuer, issuer.subject);
}

function sameKey(a: CertificateIds, b: CertificateIds): boolean {
  return equal(a.issuer, b.issuer) && equal(a.serial, b.serial);
}

function isSelfSigned({ ids }: Certificate): boolean {
  return equal(ids.issuer, ids.subject) && isIssuer(ids, ids);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function nameOf({ subject }: X509Certificate): string {
  const parts = subject.split('\n');
  return `"${parts.find(part => part.startsWith('CN='))?.slice(3) ?? parts.join(', ')}"`;
}
