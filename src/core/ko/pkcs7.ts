// PKCS#7 signed data as the kernel reads it (grammar: RFC 5652; errors: crypto/asymmetric_keys/pkcs7_parser.c).
import { toHex } from '../bytes/hex';
import { INTEGER, SEQUENCE, SET, childrenOf, hasTag, oidOf, readValue, type Asn1Value } from './asn1';
import { EBADMSG, EINVAL, EMSGSIZE, failed, type Failure } from './pkcs7Failure';
import { OID_DATA, OID_MS_INDIRECT_DATA, algorithmOid, readSigner, type SignerInfo } from './pkcs7Signer';

export interface Pkcs7Message {
  /** Object identifier of the content, dotted. */
  readonly contentType: string;
  /** Content carried inside; null for a detached signature. */
  readonly content: Uint8Array | null;
  /** X.509 certificates (DER) carried along. */
  readonly certificates: readonly Uint8Array[];
  readonly signers: readonly SignerInfo[];
}

/** Lower-case hex of the DER of IssuerAndSerialNumber, or of the key identifier's bytes; the other one is null. */
export interface SignerName {
  readonly issuerAndSerial: string | null;
  readonly keyIdentifier: string | null;
}

export type Pkcs7Result = { readonly ok: true; readonly value: Pkcs7Message } | Failure;

/**
 * Parses a signature. A failure carries the errno the kernel's parser returns: EBADMSG for bytes that do not follow the
 * grammar, EINVAL for another content type or version, ENOPKG for an algorithm it has no name for. Bytes after the
 * message are ignored, as the kernel does. Never throws.
 */
export function parsePkcs7(bytes: Uint8Array): Pkcs7Result {
  if (bytes.length > MAX_SIZE) return failed(EMSGSIZE, 'is longer than the kernel takes');
  const [type, wrapped, ...more] = childrenOf(readValue(bytes) ?? undefined, SEQUENCE) ?? [];
  const outerType = oidOf(type);
  if (outerType === null || more.length > 0) return failed(EBADMSG, 'is not a PKCS#7 message');
  if (outerType !== OID_SIGNED_DATA) return failed(EINVAL, 'is not PKCS#7 signed data');
  if (!wrapped) return failed(EINVAL, 'has no signer');
  const [signedData, ...others] = childrenOf(wrapped, 0xa0) ?? [];
  const fields = others.length === 0 ? childrenOf(signedData, SEQUENCE) : null;
  return fields ? readSignedData(fields) : failed(EBADMSG, 'is malformed');
}

/** How the signers of a message are named, as KernelFacts' ownSigners have it. */
export function signerIds(message: Pkcs7Message): SignerName[] {
  return message.signers.map(({ id }) =>
    id.kind === 'issuerAndSerial'
      ? { issuerAndSerial: toHex(id.der), keyIdentifier: null }
      : { issuerAndSerial: null, keyIdentifier: toHex(id.keyIdentifier) },
  );
}

/** asn1_ber_decoder() takes no more bytes (lib/asn1_decoder.c). */
const MAX_SIZE = 65535;
const OID_SIGNED_DATA = '1.2.840.113549.1.7.2';

function readSignedData(fields: readonly Asn1Value[]): Pkcs7Result {
  const queue = [...fields];
  const [version, algorithms, contentInfo] = queue.splice(0, 3);
  if (!hasTag(version, INTEGER)) return failed(EBADMSG, 'is malformed');
  const number = version.contents.length === 1 ? version.contents[0] : undefined;
  if (number !== 1 && number !== 3) return failed(EINVAL, 'has a version the kernel does not know');
  if (!setOrSequence(algorithms)?.every(algorithm => algorithmOid(algorithm) !== null))
    return failed(EBADMSG, 'is malformed');
  const [type, content, ...more] = childrenOf(contentInfo, SEQUENCE) ?? [];
  const contentType = oidOf(type);
  if (contentType === null || more.length > 0) return failed(EBADMSG, 'is malformed');
  if (contentType !== OID_DATA && contentType !== OID_MS_INDIRECT_DATA)
    return failed(EINVAL, 'signs a kind of content the kernel does not know');
  const wrapped = childrenOf(content, 0xa0) ?? [];
  if (content && wrapped.length !== 1) return failed(EBADMSG, 'is malformed');
  // Sets have one tag, sequences another; the kernel takes both.
  const carried = queue[0]?.tag === 0xa0 || queue[0]?.tag === 0xa2 ? queue.shift() : undefined;
  const certificates = carried ? childrenOf(carried, carried.tag) : [];
  if (queue[0]?.tag === 0xa1 || queue[0]?.tag === 0xa3) queue.shift();
  const [signerInfos, ...rest] = queue;
  const infos = setOrSequence(signerInfos);
  if (!infos || rest.length > 0) return failed(EBADMSG, 'is malformed');
  if (!certificates?.every(certificate => certificate.tag === SEQUENCE))
    return failed(EBADMSG, 'carries something that is not a certificate');
  const signers = readSigners(infos, number, contentType);
  if ('errno' in signers) return signers;
  const value: Pkcs7Message = {
    contentType,
    content: wrapped[0]?.contents ?? null,
    certificates: certificates.map(certificate => certificate.encoded),
    signers,
  };
  return { ok: true, value };
}

function readSigners(infos: readonly Asn1Value[], version: 1 | 3, contentType: string): SignerInfo[] | Failure {
  const signers: SignerInfo[] = [];
  for (const info of infos) {
    const signer = readSigner(info, version, contentType);
    if ('errno' in signer) return signer;
    signers.push(signer);
  }
  const [first] = signers;
  if (!first) return failed(EINVAL, 'has no signer');
  return signers.every(signer => signer.hasAuthenticatedAttributes === first.hasAuthenticatedAttributes)
    ? signers
    : failed(EINVAL, 'has authenticated attributes for only some of its signers');
}

/** Elements of a list, which the kernel takes as either. */
function setOrSequence(value: Asn1Value | undefined): readonly Asn1Value[] | null {
  return childrenOf(value, SET) ?? childrenOf(value, SEQUENCE);
}
