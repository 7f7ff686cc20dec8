import { defineFinding, err } from './types';

export const badSectionIndex = defineFinding<{
  module: string;
  symbol: string;
  index: number;
  max: number;
  spoken: boolean;
}>({
  id: 'bad-section-index',
  severity: 'error',
  dmesg: ({ module, symbol, index, max, spoken }) =>
    spoken ? err(`${module}: Symbol ${symbol} has an invalid section index ${index} (max ${max})`) : null,
  message: ({ symbol, index }) => `symbol ${symbol} names section ${index}, which does not exist`,
  symbol: ({ symbol }) => symbol,
  explain: () =>
    'The symbol table is damaged, or was written by a tool that uses section indices the kernel does not know.',
});
