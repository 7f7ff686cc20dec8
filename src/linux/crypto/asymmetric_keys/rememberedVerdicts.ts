// Verifying the signatures of a whole tree: one key signed all of its modules, so all but the last bytes are the same.
import { sameBytes } from '../../../formats/bytes/hash';
import type { Pkcs7Verdict, VerifyPkcs7 } from '../../../target/types';
import { ENOKEY } from '../../errno';
import { parsePkcs7 } from './pkcs7';

/** The value of a signature comes last in PKCS#7 without unsigned attributes: an OCTET STRING of one of these sizes. */
const SMALLEST_VALUE = 8;
const LARGEST_VALUE = 1024;
const OCTET_STRING = 4;

/** A signature whose verdict did not depend on what it signs. */
interface KnownSignature {
  readonly bytes: Uint8Array;
  /** Bytes before the value. */
  readonly fixed: number;
  readonly verdict: Pkcs7Verdict;
}

/**
 * The same answers as `verify` gives for one kernel. A verdict that did not depend on the signed content is given again
 * for signatures that differ in nothing but the value.
 */
export function rememberingVerdicts(verify: VerifyPkcs7): VerifyPkcs7 {
  // By length: values of elliptic curves differ by a byte or two.
  const known = new Map<number, KnownSignature>();
  return (data, pkcs7, facts) => {
    const earlier = known.get(pkcs7.length);
    if (earlier && sameBytes(pkcs7, 0, earlier.bytes, 0, earlier.fixed)) return earlier.verdict;
    const verdict = verify(data, pkcs7, facts);
    const { errno, checked, log } = verdict;
    const fixed = pkcs7.length - valueSize(pkcs7);
    const independent = log.length === 0 && (errno === 0 ? !checked : errno === ENOKEY);
    if (independent && fixed < pkcs7.length && carriesNoCertificate(pkcs7))
      known.set(pkcs7.length, { bytes: new Uint8Array(pkcs7), fixed, verdict });
    return verdict;
  };
}

/** With a certificate of its own, a signature is checked against what it signs, known signer or not. */
function carriesNoCertificate(bytes: Uint8Array): boolean {
  const parsed = parsePkcs7(bytes);
  return parsed.ok && parsed.value.certificates.length === 0;
}

/**
 * Bytes of the OCTET STRING that ends the message, 0 when none does. Of several readings the shortest is taken: too much
 * that has to be the same does no harm.
 */
function valueSize(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let size = SMALLEST_VALUE; size <= LARGEST_VALUE && size < length; size++) {
    const header = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
    const start = length - size - header.length;
    if (bytes[start - 1] === OCTET_STRING && header.every((byte, i) => bytes[start + i] === byte)) return size;
  }
  return 0;
}
