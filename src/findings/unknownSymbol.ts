import { defineFinding, warn, type Errnos, type Fix } from './types';

export interface UnknownSymbolFacts {
  readonly module: string;
  readonly symbol: string;
  readonly errno: number;
  /** The number in the line of kernels before 4.19, which is not always that of the error; null where it has none. */
  readonly printed?: number | null;
  /** Why it could not be bound. */
  readonly status: string;
  /** Modules of the target that export it but are not loaded. */
  readonly providers: readonly string[];
}

type Kind = 'gpl-only' | 'unknown-symbol' | 'symbol-provider-not-loaded' | 'symbol-not-in-target';

/** One line of the kernel, several causes: what depends on which it is. */
const KINDS: Readonly<Record<Kind, { errnos: Errnos; fixes: readonly Fix[] }>> = {
  'symbol-provider-not-loaded': {
    errnos: { 2: 1 },
    fixes: ['add-extra-symbols', 'load-providers'],
  },
  'symbol-not-in-target': { errnos: { 2: 2 }, fixes: ['add-extra-symbols'] },
  'gpl-only': { errnos: { 2: 3 }, fixes: ['add-license'] },
  // What is wrong with the symbol was said before.
  'unknown-symbol': { errnos: {}, fixes: [] },
};

/** Nothing that the module may use exports the symbol. */
export const NOT_EXPORTED = 'symbol-not-in-target' satisfies Kind;

/** What an unknown symbol may be where its line has no errno that tells more. */
export const MISSING_SYMBOL: readonly Kind[] = ['symbol-not-in-target', 'symbol-provider-not-loaded', 'gpl-only'];

function kindOf({ status, providers }: UnknownSymbolFacts): Kind {
  if (status === 'gpl-only') return 'gpl-only';
  if (status !== 'missing') return 'unknown-symbol';
  return providers.length > 0 ? 'symbol-provider-not-loaded' : 'symbol-not-in-target';
}

export const unknownSymbol = defineFinding<UnknownSymbolFacts>({
  id: 'unknown-symbol',
  code: kindOf,
  severity: 'error',
  dmesg: ({ module, symbol, errno, printed = -errno }) =>
    warn(`${module}: Unknown symbol ${symbol}${printed === null ? '' : ` (err ${printed})`}`),
  symbol: ({ symbol }) => symbol,
  explain: ({ symbol, status, providers }, t) => {
    switch (status) {
      case 'gpl-only':
        return t(
          '{0} is exported to GPL-compatible modules only, and this module counts as proprietary, so the symbol is invisible to it.',
          symbol,
        );
      case 'version':
        return t('{0} exists, with another version than the module was built with.', symbol);
      case 'namespace':
        return t('{0} exists in a namespace that the module does not import.', symbol);
      case 'proprietary':
        return t('{0} comes from a proprietary module, which this module may not use.', symbol);
    }
    if (providers.length === 0) return t('Neither this kernel nor any module of it exports {0}.', symbol);
    return t(
      '{0} lives in {1}, which is not loaded. modprobe would load it first; insmod does not.',
      symbol,
      providers.map(moduleOf).reduce((first, second) => t('{first} or {second}', { first, second })),
    );
  },
  errnos: facts => KINDS[kindOf(facts)].errnos,
  anchor: 'use',
  fixes: facts => KINDS[kindOf(facts)].fixes,
  samples: [
    { module: 'M', symbol: 'S', errno: 2, status: 'missing', providers: [] },
    { module: 'M', symbol: 'S', errno: 2, status: 'missing', providers: ['P'] },
    { module: 'M', symbol: 'S', errno: 2, status: 'gpl-only', providers: [] },
    { module: 'M', symbol: 'S', errno: 22, status: 'version', providers: [] },
    { module: 'M', symbol: 'S', errno: 2, printed: 0, status: 'missing', providers: [] },
    { module: 'M', symbol: 'S', errno: 2, printed: null, status: 'missing', providers: [] },
  ],
});

function moduleOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replaceAll('-', '_');
}
