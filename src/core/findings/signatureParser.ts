import { defineFinding, type LogLine } from './types';

export const signatureParser = defineFinding<{ lines: readonly LogLine[] }>({
  id: 'signature-parser',
  severity: 'information',
  dmesg: ({ lines }) => lines,
  explain: () =>
    'The parser of the signature met something this kernel does not know: an algorithm, a kind of content or a version. ' +
    'Sign the module with scripts/sign-file of the target kernel.',
});
