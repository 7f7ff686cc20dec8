import { defineFinding } from './types';

export const initOnlyFunction = defineFinding<{ module: string; symbol: string; bytes: number }>({
  id: 'init-only-function',
  severity: 'hint',
  message: '{symbol} is called by init code only; as __init its {bytes} bytes would be freed',
  symbol: ({ symbol }) => symbol,
  explain:
    'Every call of {symbol} comes from memory that is freed after loading, and its address is never taken. Marked __init it would be freed, too.',
  errnos: {},
  anchor: 'given',
  fixes: [],
  samples: [{ module: 'M', symbol: 'S', bytes: 1001 }],
});
