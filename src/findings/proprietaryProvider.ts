import { defineFinding, err, warn } from './types';

export const proprietaryProvider = defineFinding<{
  module: string;
  symbol: string;
  owner: string;
  namesSymbol: boolean;
  refused: boolean;
}>({
  id: 'proprietary-provider',
  severity: ({ refused }) => (refused ? 'error' : 'warning'),
  dmesg: ({ module, symbol, owner, namesSymbol, refused }) => {
    const symbols = namesSymbol ? `symbols ${symbol}` : 'symbols';
    return refused
      ? err(`${module}: module using GPL-only symbols uses ${symbols} from proprietary module ${owner}.`)
      : warn(`${module}: module uses ${symbols} from proprietary module ${owner}, inheriting taint.`);
  },
  symbol: ({ symbol }) => symbol,
  explain: ({ owner, refused }, t) =>
    refused
      ? t(
          '{0} is proprietary. A module that uses its symbols counts as proprietary as well and may not use GPL-only symbols; this one already did.',
          owner,
        )
      : t(
          '{0} is proprietary. A module that uses its symbols counts as proprietary as well and may not use GPL-only symbols. Which of the two wins depends on the order of the symbol table.',
          owner,
        ),
  errnos: { 2: 4, 22: 6 },
  anchor: 'use',
  fixes: ['add-license'],
  samples: [
    { module: 'M', symbol: 'S', owner: 'P', namesSymbol: true, refused: true },
    { module: 'M', symbol: 'S', owner: 'P', namesSymbol: true, refused: false },
    { module: 'M', symbol: 'S', owner: 'P', namesSymbol: false, refused: true },
    { module: 'M', symbol: 'S', owner: 'P', namesSymbol: false, refused: false },
  ],
});
