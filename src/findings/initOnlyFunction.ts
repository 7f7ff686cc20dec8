import { defineFinding } from './types';

export const initOnlyFunction = defineFinding<{ module: string; symbol: string; bytes: number }>({
  id: 'init-only-function',
  severity: 'hint',
  message: ({ symbol, bytes }, t) =>
    t('{0} is called by init code only; as __init its {1} bytes would be freed', symbol, bytes),
  symbol: ({ symbol }) => symbol,
  explain: ({ symbol }, t) =>
    t(
      'Every call of {0} comes from memory that is freed after loading, and nobody takes its address. Marked __init it would be freed, too.',
      symbol,
    ),
  errnos: {},
  anchor: 'given',
  fixes: [],
  samples: [{ module: 'M', symbol: 'S', bytes: 1001 }],
});
