import { defineFinding } from './types';

export const roAfterInit = defineFinding<{ module: string; symbol: string }>({
  id: 'ro-after-init',
  severity: 'hint',
  message: '{symbol} is written by init code only; it could be __ro_after_init',
  symbol: ({ symbol }) => symbol,
  explain:
    'Every write to {symbol} is in init code and its address is never taken. Marked __ro_after_init the kernel makes it read-only once init has run.',
  errnos: {},
  anchor: 'given',
  fixes: [],
  samples: [{ module: 'M', symbol: 'S' }],
});
