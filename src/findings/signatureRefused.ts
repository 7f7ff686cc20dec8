import { defineFinding } from './types';

export const signatureRefused = defineFinding<{ errno: number }>({
  id: 'signature',
  severity: 'error',
  message: "the module's signature is refused (errno {errno})",
  explain: ({ errno }, t) =>
    errno === 74
      ? t(
          'The signature trailer at the end of the file is damaged or cut off. The kernel prints no line for this, and it refuses such a module even where unsigned ones are accepted. Strip first, then sign; or remove the signature.',
        )
      : t(
          'The signature does not fit the file: its content changed after it was signed (strip, objcopy, packaging). The kernel prints no line for this, and it refuses such a module even where unsigned ones are accepted. Strip first, then sign; or remove the signature.',
        ),
  errnos: { 74: 1, 126: 2, 129: 2 },
  anchor: 'build',
  fixes: [],
  samples: [{ errno: 129 }, { errno: 74 }],
});
