import { defineFinding, err } from './types';

export const duplicateExport = defineFinding<{ module: string; symbol: string; owner: string }>({
  id: 'duplicate-export',
  severity: 'error',
  dmesg: ({ module, symbol, owner }) => err(`${module}: exports duplicate symbol ${symbol} (owned by ${owner})`),
  symbol: ({ symbol }) => symbol,
  explain: ({ owner }, t) =>
    owner === 'kernel'
      ? t('The kernel itself already exports this name, and a name can have one exporter only.')
      : t('{0} already exports this name, and a name can have one exporter only.', owner),
  errnos: { 8: 7 },
  anchor: 'export',
  fixes: [],
  samples: [{ module: 'M', symbol: 'S', owner: 'P' }],
});
