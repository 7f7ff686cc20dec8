import { defineFinding } from './types';

export const initOnlyData = defineFinding<{ module: string; symbol: string; bytes: number }>({
  id: 'init-only-data',
  severity: 'hint',
  message: '{symbol} is used by init code only; as __initdata its {bytes} bytes would be freed',
  symbol: ({ symbol }) => symbol,
  explain:
    'Every access to {symbol} comes from memory that is freed after loading, and its address is never taken. Marked __initdata it would be freed, too.',
  errnos: {},
  anchor: 'given',
  fixes: [],
  samples: [{ module: 'M', symbol: 'S', bytes: 1001 }],
});
