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
  message: '{other} also exports {symbol}',
  explain:
    '{module} and {other} both export {symbol}. Each of them loads if the other is not loaded. The kernel refuses the second one with "exports duplicate symbol".',
  symbol: ({ symbol }) => symbol,
  errnos: {},
  anchor: 'export',
  fixes: [],
  samples: [{ module: 'M', symbol: 'S', other: 'P' }],
});
