import { defineFinding, warn } from './types';

export interface UnknownSymbolFacts {
  readonly module: string;
  readonly symbol: string;
  readonly errno: number;
  /** Why it could not be bound. */
  readonly status: string;
  /** Modules of the target that export it but are not loaded. */
  readonly providers: readonly string[];
}

export const unknownSymbol = defineFinding<UnknownSymbolFacts>({
  id: 'unknown-symbol',
  code: ({ status, providers }) => {
    if (status === 'gpl-only') return 'gpl-only';
    if (status !== 'missing') return 'unknown-symbol';
    return providers.length > 0 ? 'symbol-provider-not-loaded' : 'symbol-not-in-target';
  },
  severity: 'error',
  dmesg: ({ module, symbol, errno }) => warn(`${module}: Unknown symbol ${symbol} (err -${errno})`),
  symbol: ({ symbol }) => symbol,
  explain: ({ symbol, status, providers }) => {
    if (status === 'gpl-only')
      return `${symbol} is exported to GPL-compatible modules only, and this module counts as proprietary, so to it the symbol does not exist.`;
    if (status === 'version') return `${symbol} exists, with another version than the module was built with.`;
    if (status === 'namespace') return `${symbol} exists in a namespace that the module does not import.`;
    if (status === 'proprietary') return `${symbol} comes from a proprietary module, which this module may not use.`;
    if (providers.length > 0)
      return `${symbol} lives in ${providers.map(moduleOf).join(' or ')}, which is not loaded. modprobe would load it first; insmod does not.`;
    return `Neither this kernel nor any module of it exports ${symbol}.`;
  },
  samples: [
    { module: 'M', symbol: 'S', errno: 2, status: 'missing', providers: [] },
    { module: 'M', symbol: 'S', errno: 2, status: 'missing', providers: ['P'] },
    { module: 'M', symbol: 'S', errno: 2, status: 'gpl-only', providers: [] },
    { module: 'M', symbol: 'S', errno: 22, status: 'version', providers: [] },
  ],
});

function moduleOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replaceAll('-', '_');
}
