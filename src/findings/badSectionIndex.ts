import { defineFinding, err } from './types';

export const badSectionIndex = defineFinding<{
  module: string;
  symbol: string;
  index: number;
  max: number;
}>({
  id: 'bad-section-index',
  severity: 'error',
  dmesg: ({ module, symbol, index, max }) =>
    err(`${module}: Symbol ${symbol} has an invalid section index ${index} (max ${max})`),
  symbol: ({ symbol }) => symbol,
  explain: 'The symbol table is damaged, or was written by a tool that uses section indices the kernel does not know.',
  errnos: { 8: 8 },
  anchor: 'use',
  fixes: [],
  samples: [{ module: 'M', symbol: 'S', index: 1001, max: 1002 }],
});
