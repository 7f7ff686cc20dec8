import { defineFinding, warn } from './types';

export const futureGpl = defineFinding<{ symbol: string }>({
  id: 'gpl-future',
  severity: 'warning',
  dmesg: ({ symbol }) =>
    warn(`Symbol ${symbol} is being used by a non-GPL module, which will not be allowed in the future`),
  symbol: ({ symbol }) => symbol,
  explain: 'The symbol is announced to become GPL-only.',
  errnos: {},
  anchor: 'use',
  fixes: [],
  samples: [{ symbol: 'S' }],
});
