import { defineFinding, err } from './types';

export const duplicateExport = defineFinding<{ module: string; symbol: string; owner: string }>({
  id: 'duplicate-export',
  severity: 'error',
  dmesg: ({ module, symbol, owner }) => err(`${module}: exports duplicate symbol ${symbol} (owned by ${owner})`),
  symbol: ({ symbol }) => symbol,
  explain: ({ owner }) =>
    `${owner === 'kernel' ? 'The kernel itself' : owner} already exports this name, and a name can have one exporter only.`,
  samples: [{ module: 'M', symbol: 'S', owner: 'P' }],
});
