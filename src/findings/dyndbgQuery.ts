import { defineFinding, err } from './types';

export const dyndbgQuery = defineFinding<{ lines: readonly string[] }>({
  id: 'dyndbg-query',
  severity: 'warning',
  dmesg: ({ lines }) => lines.map(line => err(`dyndbg: ${line}`)),
  explain:
    'The kernel cannot parse the dynamic debug query. Loading continues, and the requested messages are not printed.',
  errnos: {},
  anchor: 'nowhere',
  fixes: ['change-argument'],
  samples: [
    { lines: ['query parse failed'] },
    { lines: ['bad flag-op X, at start of X', 'flags parse failed'] },
    { lines: ['X'] },
  ],
});
