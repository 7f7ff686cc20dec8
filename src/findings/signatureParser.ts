import { defineFinding, warn, type LogLine } from './types';

export const signatureParser = defineFinding<{ lines: readonly LogLine[] }>({
  id: 'signature-parser',
  severity: 'information',
  dmesg: ({ lines }) => lines,
  explain:
    'The parser of the signature met something this kernel does not know: an algorithm, a kind of content or a version. Sign the module with scripts/sign-file of the target kernel.',
  errnos: {},
  anchor: 'build',
  fixes: [],
  samples: [
    { lines: [warn('PKCS7: Unknown OID: [1001] X')] },
    { lines: [warn('PKCS7: X')] },
    { lines: [warn('PKCS7: Only support pkcs7_signedData type')] },
    { lines: [warn('Unsupported digest algo: 1001')] },
    { lines: [warn('Unsupported pkey algo: 1001')] },
  ],
});
