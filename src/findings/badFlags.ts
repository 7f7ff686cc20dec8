import { defineFinding } from './types';

export const badFlags = defineFinding<{ flags: number; known: number }>({
  id: 'bad-flags',
  severity: 'error',
  message: ({ flags, known }, t) =>
    t('finit_module flags {0} are not all among those this kernel knows ({1})', flags, known),
  explain: (_, t) => t('finit_module refuses flags it does not know, silently.'),
  errnos: { 22: 8, 95: 2 },
  anchor: 'nowhere',
  fixes: [],
  samples: [{ flags: 1001, known: 1002 }],
});
