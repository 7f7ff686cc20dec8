// PKCS#7 signed data as the kernel reads it (grammar: RFC 5652; errors: crypto/asymmetric_keys/pkcs7_parser.c).
import { toHex } from '../bytes/hex';
import { checkAttributes } from './pkcs7Attributes';
import { INTEGER, OCTET_STRING, OID, SEQUENCE, SET, oidText, readAll, readTlv, type Tlv } from '../bytes/der';

export interface Pkcs7Message {
  /** Object identifier of the content, dotted. */
  readonly contentType: string;
  /** Content carried inside; null for a detached signature. */
  readonly content: Uint8Array | null;
  /** X.509 certificates (DER) carried along. */
  readonly certificates: readonly Uint8Array[];
  readonly signers: readonly SignerInfo[];
}

/** One signature. Byte fields are views into the message. */
export interface SignerInfo {
  /** Named by issuer and serial number (the SEQUENCE of both, and its parts' contents), or by key identifier. */
  readonly id:
    | {
        readonly kind: 'issuerAndSerial';
        readonly der: Uint8Array;
        readonly issuer: Uint8Array;
        readonly serial: Uint8Array;
      }
    | { readonly kind: 'keyIdentifier'; readonly keyIdentifier: Uint8Array };
  /** Object identifiers, dotted. */
  readonly digestAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly hasAuthenticatedAttributes: boolean;
  readonly signature: Uint8Array;
}

/** Lower-case hex of the DER of IssuerAndSerialNumber, or of the key identifier's bytes; the other one is null. */
export interface SignerName {
  readonly issuerAndSerial: string | null;
  readonly keyIdentifier: string | null;
}

export type Pkcs7Result =
  | { readonly ok: true; readonly value: Pkcs7Message }
  | { readonly ok: false; readonly errno: number; readonly reason: string };

export const OID_DATA = '1.2.840.113549.1.7.1';
const OID_SIGNED_DATA = '1.2.840.113549.1.7.2';
const OID_MS_INDIRECT_DATA = '1.3.6.1.4.1.311.2.1.4';

const EINVAL = 22;
const ENOPKG = 65;
const EBADMSG = 74;

/** Digest algorithms the parser accepts, by object identifier, under the kernel's names. */
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

/** Signature algorithms the parser accepts, by object identifier. */
export const SIGNATURE_NAMES: ReadonlyMap<string, 'rsa' | 'ecdsa' | 'sm2' | 'ecrdsa'> = new Map([
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
]);

/**
 * Parses a signature. A failure carries the errno the kernel's parser returns: EBADMSG for bytes that do not follow the
 * grammar, EINVAL for another content type or version, ENOPKG for an algorithm it has no name for. Bytes after the
 * message are ignored, as the kernel does. Never throws.
 */
export function parsePkcs7(bytes: Uint8Array): Pkcs7Result {
  const outer = readTlv(bytes, 0, bytes.length);
  const parts = outer && outer.tag === SEQUENCE ? readAll(bytes, outer.from, outer.end) : null;
  const [type, wrapped, ...more] = parts ?? [];
  if (!type || type.tag !== OID || more.length > 0) return failed(EBADMSG, 'is not a PKCS#7 message');
  if (oidText(bytes, type.from, type.end) !== OID_SIGNED_DATA) return failed(EINVAL, 'is not PKCS#7 signed data');
  if (!wrapped) return failed(EINVAL, 'has no signer');
  const inner = wrapped.tag === 0xa0 ? readAll(bytes, wrapped.from, wrapped.end) : null;
  const signedData =
    inner?.length === 1 && inner[0]?.tag === SEQUENCE ? readAll(bytes, inner[0].from, inner[0].end) : null;
  return signedData ? parseSignedData(bytes, signedData) : failed(EBADMSG, 'is malformed');
}

/** How the signers of a message are named, as KernelFacts' ownSigners have it. */
export function signerIds(message: Pkcs7Message): SignerName[] {
  return message.signers.map(({ id }) =>
    id.kind === 'issuerAndSerial'
      ? { issuerAndSerial: toHex(id.der), keyIdentifier: null }
      : { issuerAndSerial: null, keyIdentifier: toHex(id.keyIdentifier) },
  );
}

function parseSignedData(bytes: Uint8Array, fields: readonly Tlv[]): Pkcs7Result {
  const queue = [...fields];
  const [version, algorithms, contentInfo] = queue.splice(0, 3);
  if (version?.tag !== INTEGER) return failed(EBADMSG, 'is malformed');
  const number = smallInteger(bytes, version);
  if (number !== 1 && number !== 3) return failed(EINVAL, 'has a version the kernel does not know');
  if (!algorithms || !isSetOrSequence(algorithms)) return failed(EBADMSG, 'is malformed');
  const content = contentInfo?.tag === SEQUENCE ? readAll(bytes, contentInfo.from, contentInfo.end) : null;
  const [contentType, wrappedContent, ...more] = content ?? [];
  if (contentType?.tag !== OID || more.length > 0) return failed(EBADMSG, 'is malformed');
  const type = oidText(bytes, contentType.from, contentType.end);
  if (type !== OID_DATA && type !== OID_MS_INDIRECT_DATA)
    return failed(EINVAL, 'signs a kind of content the kernel does not know');
  const data = wrappedContent ? explicitContents(bytes, wrappedContent) : null;
  if (wrappedContent && !data) return failed(EBADMSG, 'is malformed');
  const certificates = takeTagged(queue, 0xa0, 0xa2);
  takeTagged(queue, 0xa1, 0xa3);
  const [signerInfos, ...rest] = queue;
  if (!signerInfos || !isSetOrSequence(signerInfos) || rest.length > 0) return failed(EBADMSG, 'is malformed');
  const certs = certificates ? readAll(bytes, certificates.from, certificates.end) : [];
  if (!certs?.every(cert => cert.tag === SEQUENCE))
    return failed(EBADMSG, 'carries something that is not a certificate');
  const infos = readAll(bytes, signerInfos.from, signerInfos.end);
  if (!infos) return failed(EBADMSG, 'is malformed');
  const signers: SignerInfo[] = [];
  for (const info of infos) {
    const signer = parseSigner(bytes, info, { version: number, contentType: type });
    if ('errno' in signer) return signer;
    signers.push(signer);
  }
  const [first] = signers;
  if (!first) return failed(EINVAL, 'has no signer');
  if (signers.some(signer => signer.hasAuthenticatedAttributes !== first.hasAuthenticatedAttributes)) {
    return failed(EINVAL, 'has authenticated attributes for only some of its signers');
  }
  const certificateBytes = certs.map(cert => bytes.subarray(cert.start, cert.end));
  return { ok: true, value: { contentType: type, content: data, certificates: certificateBytes, signers } };
}

type Failure = Extract<Pkcs7Result, { ok: false }>;

function parseSigner(
  bytes: Uint8Array,
  info: Tlv,
  message: { readonly version: number; readonly contentType: string },
): SignerInfo | Failure {
  const malformed = failed(EBADMSG, 'has a malformed signer');
  const queue = info.tag === SEQUENCE ? readAll(bytes, info.from, info.end) : null;
  const [version, sid, digest] = queue?.splice(0, 3) ?? [];
  if (!queue || version?.tag !== INTEGER || !sid || !digest) return malformed;
  const number = smallInteger(bytes, version);
  if (number !== 1 && number !== 3) return failed(EINVAL, 'has a signer of a version the kernel does not know');
  if ((number === 1) !== (message.version === 1))
    return failed(EBADMSG, 'has a signer of another version than its own');
  const id = signerId(bytes, sid);
  // What names the signer follows from the version: issuer and serial number in 1, key identifier in 3.
  if (!id || (id.kind === 'keyIdentifier') !== (number === 3)) return malformed;
  const digestAlgorithm = algorithmOid(bytes, digest);
  if (digestAlgorithm === null) return malformed;
  if (!DIGEST_NAMES.has(digestAlgorithm))
    return failed(ENOPKG, `uses the digest ${digestAlgorithm}, which the kernel does not know`);
  const authenticode = message.contentType === OID_MS_INDIRECT_DATA;
  const attributes = takeTagged(queue, 0xa0, 0xa2);
  // The other tag wraps a sequence, which the kernel looks at but does not count as attributes.
  const hasAuthenticatedAttributes = attributes?.tag === 0xa0;
  const objection = hasAuthenticatedAttributes
    ? checkAttributes(bytes, attributes, message.contentType, authenticode)
    : 0;
  if (objection !== 0) return failed(objection, 'has authenticated attributes the kernel does not accept');
  const [algorithm, signature] = queue.splice(0, 2);
  takeTagged(queue, 0xa1, 0xa3);
  const signatureAlgorithm = algorithm ? algorithmOid(bytes, algorithm) : null;
  if (signatureAlgorithm === null) return malformed;
  if (!SIGNATURE_NAMES.has(signatureAlgorithm)) {
    return failed(ENOPKG, `uses the signature algorithm ${signatureAlgorithm}, which the kernel does not know`);
  }
  if (signature?.tag !== OCTET_STRING || queue.length > 0) return malformed;
  if (authenticode && !hasAuthenticatedAttributes) return failed(EBADMSG, 'is of Authenticode, but has no attributes');
  return {
    id,
    digestAlgorithm,
    signatureAlgorithm,
    hasAuthenticatedAttributes,
    signature: bytes.subarray(signature.from, signature.end),
  };
}

function signerId(bytes: Uint8Array, sid: Tlv): SignerInfo['id'] | null {
  if (sid.tag === 0x80) return { kind: 'keyIdentifier', keyIdentifier: bytes.subarray(sid.from, sid.end) };
  const parts = sid.tag === SEQUENCE ? readAll(bytes, sid.from, sid.end) : null;
  const [issuer, serial, ...more] = parts ?? [];
  if (issuer?.tag !== SEQUENCE || serial?.tag !== INTEGER || more.length > 0) return null;
  return {
    kind: 'issuerAndSerial',
    der: bytes.subarray(sid.start, sid.end),
    issuer: bytes.subarray(issuer.from, issuer.end),
    serial: bytes.subarray(serial.from, serial.end),
  };
}

/** The object identifier of an AlgorithmIdentifier, or null. */
function algorithmOid(bytes: Uint8Array, value: Tlv): string | null {
  const parts = value.tag === SEQUENCE ? readAll(bytes, value.from, value.end) : null;
  const [oid, , ...more] = parts ?? [];
  return oid?.tag === OID && more.length === 0 ? oidText(bytes, oid.from, oid.end) : null;
}

/** Contents of the one value inside an explicit tag. */
function explicitContents(bytes: Uint8Array, value: Tlv): Uint8Array | null {
  const inner = value.tag === 0xa0 ? readTlv(bytes, value.from, value.end) : null;
  return inner && inner.end === value.end ? bytes.subarray(inner.from, inner.end) : null;
}

/** Removes the first value from the queue when it has one of two tags. */
function takeTagged(queue: Tlv[], tag: number, otherTag: number): Tlv | null {
  const [first] = queue;
  return first && (first.tag === tag || first.tag === otherTag) ? (queue.shift() ?? null) : null;
}

/** Value of an INTEGER of one byte, -1 for longer ones. */
function smallInteger(bytes: Uint8Array, value: Tlv): number {
  return value.end - value.from === 1 ? (bytes[value.from] ?? -1) : -1;
}

function isSetOrSequence(value: Tlv): boolean {
  return value.tag === SET || value.tag === SEQUENCE;
}

function failed(errno: number, reason: string): Failure {
  return { ok: false, errno, reason: `The signature ${reason}.` };
}
