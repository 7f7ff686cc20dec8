import { defineFinding } from './types';

export interface ExportClashFacts {
  readonly module: string;
  readonly symbol: string;
  /** The other module that exports it. */
  readonly other: string;
}

export const exportClash = defineFinding<ExportClashFacts>({
  id: 'export-clash',
  severity: 'warning',
  message: '{symbol} is exported by {other}, too',
  explain:
    '{module} and {other} export {symbol}. Each loads alone. A kernel refuses the one that is loaded second: "exports duplicate symbol".',
  symbol: ({ symbol }) => symbol,
  errnos: {},
  anchor: 'export',
  fixes: [],
  samples: [{ module: 'M', symbol: 'S', other: 'P' }],
});
