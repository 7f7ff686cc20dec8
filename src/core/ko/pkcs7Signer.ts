// SignerInfo of PKCS#7 signed data, with what the kernel's parser objects to.
import { INTEGER, OCTET_STRING, SEQUENCE, SET, childrenOf, hasTag, oidOf, type Asn1Value } from './asn1';
import { DIGEST_NAMES, SIGNATURE_NAMES } from './pkcs7Algorithms';
import { checkAttributes } from './pkcs7Attributes';
import { EBADMSG, EINVAL, ENOPKG, failed, type Failure } from './pkcs7Failure';

/** One signature. Byte fields are views into the message. */
export interface SignerInfo {
  /** Named by issuer and serial number (the SEQUENCE of both, and its parts' contents), or by key identifier. */
  readonly id:
    | {
        readonly kind: 'issuerAndSerial';
        readonly der: Uint8Array;
        readonly issuer: Asn1Value;
        readonly serial: Uint8Array;
      }
    | { readonly kind: 'keyIdentifier'; readonly keyIdentifier: Uint8Array };
  /** Object identifiers, dotted. */
  readonly digestAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly hasAuthenticatedAttributes: boolean;
  readonly signature: Uint8Array;
}

export const OID_DATA = '1.2.840.113549.1.7.1';
export const OID_MS_INDIRECT_DATA = '1.3.6.1.4.1.311.2.1.4';

/**
 * @param messageVersion version of the message the signer stands in
 * @param contentType what that message says it signs, dotted
 */
export function readSigner(info: Asn1Value, messageVersion: 1 | 3, contentType: string): SignerInfo | Failure {
  const malformed = failed(EBADMSG, 'has a malformed signer');
  const queue = [...(childrenOf(info, SEQUENCE) ?? [])];
  const [version, sid, digest] = queue.splice(0, 3);
  if (!hasTag(version, INTEGER) || !sid || !digest) return malformed;
  const number = version.contents.length === 1 ? version.contents[0] : undefined;
  if (number !== 1 && number !== 3) return failed(EINVAL, 'has a signer of a version the kernel does not know');
  if (number !== messageVersion) return failed(EBADMSG, 'has a signer of another version than its own');
  // What names the signer follows from the version: issuer and serial number in 1, key identifier in 3.
  const id = signerId(sid);
  if (!id || (id.kind === 'keyIdentifier') !== (number === 3)) return malformed;
  const digestAlgorithm = algorithmOid(digest);
  if (digestAlgorithm === null) return malformed;
  if (!DIGEST_NAMES.has(digestAlgorithm))
    return failed(ENOPKG, `uses the digest ${digestAlgorithm}, which the kernel does not know`);
  // The other tag wraps a sequence, which the kernel looks at but does not count as attributes.
  const attributes = queue[0]?.tag === 0xa0 || queue[0]?.tag === 0xa2 ? queue.shift() : undefined;
  const counted = attributes?.tag === 0xa0;
  const authenticode = contentType === OID_MS_INDIRECT_DATA;
  const objection = counted ? checkAttributes(attributes, contentType, authenticode) : 0;
  if (objection !== 0) return failed(objection, 'has authenticated attributes the kernel does not accept');
  const [algorithm, signature] = queue.splice(0, 2);
  if (queue[0]?.tag === 0xa1 || queue[0]?.tag === 0xa3) queue.shift();
  const signatureAlgorithm = algorithmOid(algorithm);
  if (signatureAlgorithm === null) return malformed;
  if (!SIGNATURE_NAMES.has(signatureAlgorithm))
    return failed(ENOPKG, `uses the signature algorithm ${signatureAlgorithm}, which the kernel does not know`);
  if (!hasTag(signature, OCTET_STRING) || queue.length > 0) return malformed;
  if (authenticode && !counted) return failed(EBADMSG, 'is of Authenticode, but has no attributes');
  return {
    id,
    digestAlgorithm,
    signatureAlgorithm,
    hasAuthenticatedAttributes: counted,
    signature: signature.contents,
  };
}

const KEY_IDENTIFIER = 0x80;

function signerId(sid: Asn1Value): SignerInfo['id'] | null {
  const parts = childrenOf(sid, SEQUENCE);
  if (!parts) return hasTag(sid, KEY_IDENTIFIER) ? { kind: 'keyIdentifier', keyIdentifier: sid.contents } : null;
  const [issuer, serial, ...more] = parts;
  if (!isName(issuer) || !hasTag(serial, INTEGER) || more.length > 0) return null;
  return { kind: 'issuerAndSerial', der: sid.encoded, issuer, serial: serial.contents };
}

/** An X.501 Name, as far as the kernel looks into it: sets of pairs of an identifier and anything. */
function isName(value: Asn1Value | undefined): value is Asn1Value {
  const isPair = (pair: Asn1Value): boolean => {
    const parts = childrenOf(pair, SEQUENCE);
    return parts?.length === 2 && oidOf(parts[0]) !== null;
  };
  return childrenOf(value, SEQUENCE)?.every(set => childrenOf(set, SET)?.every(isPair)) === true;
}

/** The object identifier of an AlgorithmIdentifier, or null. */
export function algorithmOid(value: Asn1Value | undefined): string | null {
  const [algorithm, , ...more] = childrenOf(value, SEQUENCE) ?? [];
  return more.length === 0 ? oidOf(algorithm) : null;
}
