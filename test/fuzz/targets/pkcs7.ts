// Signatures and certificates.
import { describeSignature } from '../../../src/kmod/signatureInfo';
import { certificatesIn } from '../../../src/target/build/certificates';
import { signersOf, verifyPkcs7 } from '../../../src/host/node/pkcs7';
import { appendSignature } from '../../support/cms';
import { factsOf } from '../../support/recorded';
import type { FuzzTarget } from '../lib/types';

const DATA = new Uint8Array(64);

export const pkcs7: FuzzTarget = {
  name: 'pkcs7',
  longest: 16 << 10,
  // Signatures are in the corpus: made here, they would differ from run to run, and no search could be repeated.
  seeds: () => [],
  words: [
    '\x30\x80',
    '\x30\x82',
    '\0\0',
    '\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02',
    '\xa0\x80',
    '\x31\x80',
    '\x24\x80',
  ],
  run(bytes) {
    const trusted = { certificates: [bytes], source: 'the fuzzer' };
    for (const generation of ['6.1', '7.2'] as const) {
      const facts = factsOf(generation);
      verifyPkcs7(DATA, bytes, { ...facts, trustedKeys: null });
      verifyPkcs7(DATA, bytes, { ...facts, trustedKeys: trusted });
    }
    signersOf(bytes);
    certificatesIn(bytes);
    describeSignature(appendSignature(DATA, bytes));
  },
};
