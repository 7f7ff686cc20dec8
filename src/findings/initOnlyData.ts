import { defineFinding } from './types';

export const initOnlyData = defineFinding<{ module: string; symbol: string; bytes: number }>({
  id: 'init-only-data',
  severity: 'hint',
  message: ({ symbol, bytes }, t) =>
    t('{0} is used by init code only; as __initdata its {1} bytes would be freed', symbol, bytes),
  symbol: ({ symbol }) => symbol,
  explain: ({ symbol }, t) =>
    t(
      'Every access to {0} comes from memory that is freed after loading, and nobody takes its address. Marked __initdata it would be freed, too.',
      symbol,
    ),
  errnos: {},
  anchor: 'given',
  fixes: [],
  samples: [{ module: 'M', symbol: 'S', bytes: 1001 }],
});
