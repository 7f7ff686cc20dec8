import { defineFinding, warn } from './types';

export const noCommon = defineFinding<{ module: string; symbol: string }>({
  id: 'no-common',
  severity: 'error',
  dmesg: ({ module }) => warn(`${module}: please compile with -fno-common`),
  symbol: ({ symbol }) => symbol,
  explain: '{symbol} is a common symbol, which has no place in a section. Compile with -fno-common, as kbuild does.',
  errnos: { 8: 9 },
  anchor: 'use',
  fixes: [],
  samples: [{ module: 'M', symbol: 'S' }],
});
