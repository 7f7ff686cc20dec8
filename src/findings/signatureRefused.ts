import { defineFinding } from './types';

export const signatureRefused = defineFinding<{ errno: number }>({
  id: 'signature',
  severity: 'error',
  message: ({ errno }) => `the module's signature is refused (errno ${errno})`,
  explain: ({ errno }) =>
    (errno === 74
      ? 'The signature trailer at the end of the file is damaged or cut off. '
      : 'The signature does not fit the file: its content changed after it was signed (strip, objcopy, packaging). ') +
    'The kernel prints no line for this, and it refuses such a module even where unsigned ones are accepted. ' +
    'Strip first, then sign; or remove the signature.',
  samples: [{ errno: 129 }, { errno: 74 }],
});
