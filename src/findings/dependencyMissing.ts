import { defineFinding } from './types';

export interface DependencyMissingFacts {
  readonly module: string;
  /** Modules that depends= names and that are nowhere. */
  readonly providers: readonly string[];
  /** Symbols that nobody exports. */
  readonly symbols: readonly string[];
}

export const dependencyMissing = defineFinding<DependencyMissingFacts>({
  id: 'dependency-missing',
  severity: 'error',
  message: ({ module, providers }, t) => t('{0} needs {1}, which was not found', module, providers.join(', ')),
  explain: ({ providers, symbols }, t) =>
    t(
      'The module uses symbols from {0}. No module in the workspace, no module of the target kernel and no row of its Module.symvers has that name. These symbols are unknown: {1}.',
      providers.join(', '),
      symbols.join(', '),
    ),
  errnos: {},
  anchor: ({ symbols }) => ({ kind: 'uses', names: symbols }),
  fixes: ['add-extra-symbols'],
  samples: [{ module: 'M', providers: ['P'], symbols: ['S'] }],
});
