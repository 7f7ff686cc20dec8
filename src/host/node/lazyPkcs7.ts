// The verifier of signatures, loaded with its ASN.1 library when the first signature is met: most runs start faster.
import type { KnownSigner, VerifyPkcs7 } from '../../target/types';
import type * as Pkcs7 from './pkcs7';

/** As verifyPkcs7 in pkcs7.ts. */
export const verifyPkcs7: VerifyPkcs7 = (data, pkcs7, facts) => {
  return loaded().verifyPkcs7(data, pkcs7, facts);
};

/** As signersOf in pkcs7.ts. */
export function signersOf(pkcs7: Uint8Array): KnownSigner[] {
  return loaded().signersOf(pkcs7);
}

let verifier: typeof Pkcs7 | null = null;

/** Asked for thousands of signatures of one tree. */
function loaded(): typeof Pkcs7 {
  // require, because loading a module is one call without waiting; an import() would make insmod() asynchronous.
  return (verifier ??= require('./pkcs7') as typeof Pkcs7);
}
