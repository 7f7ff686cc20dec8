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
      'The module was built with symbols of {0}, and neither the modules built here nor those of the kernel have one of that name. Nobody exports {1}.',
      providers.join(', '),
      symbols.join(', '),
    ),
  errnos: {},
  anchor: ({ symbols }) => ({ kind: 'uses', names: symbols }),
  fixes: ['add-extra-symbols'],
  samples: [{ module: 'M', providers: ['P'], symbols: ['S'] }],
});
