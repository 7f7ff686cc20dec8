import { defineFinding } from './types';

export const badFlags = defineFinding<{ flags: number; known: number }>({
  id: 'bad-flags',
  severity: 'error',
  message: 'finit_module flags {flags} are not all among those this kernel knows ({known})',
  explain: 'finit_module refuses flags it does not know, silently.',
  errnos: { 22: 8, 95: 2 },
  anchor: 'nowhere',
  fixes: [],
  samples: [{ flags: 1001, known: 1002 }],
});
