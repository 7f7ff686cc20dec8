// The two numbers of an ECDSA signature as the kernel reads them (crypto/ecdsa.c, since 6.13 crypto/ecdsa-x962.c).
import { decodeBer, type BerAction } from '../../lib/asn1Decoder';
import { EINVAL } from '../../errno';
import { group, value } from './pkcs7Grammar';

const INTEGER = 0x02;
const SEQUENCE = 0x30;

/**
 * r and s side by side, each of `size` bytes, the size of the curve's order, most significant byte first; null when the
 * kernel takes them for no signature. Libraries want them in DER, which the kernel does not insist on. Never throws.
 */
export function ecdsaNumbers(signature: Uint8Array, size: number): Uint8Array | null {
  const numbers = new Uint8Array(2 * size);
  const take =
    (end: number): BerAction =>
    ({ start, length }) => {
      let number = signature.subarray(start, start + length);
      // Numbers are kept in words of 64 bits, and one more byte says that they are positive.
      const room = 8 * Math.ceil(size / 8);
      if (length === 0 || length > room + 1 || (length > room && number[0] !== 0)) return EINVAL;
      while (number.length > size && number[0] === 0) number = number.subarray(1);
      // More is at least the order of the curve.
      if (number.length > size) return EINVAL;
      numbers.set(number, end - number.length);
      return 0;
    };
  const grammar = [group(SEQUENCE, [value(INTEGER, take(size)), value(INTEGER, take(2 * size))])];
  return decodeBer(signature, grammar) === 0 ? numbers : null;
}
