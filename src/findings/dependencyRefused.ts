import { defineFinding } from './types';

export interface DependencyRefusedFacts {
  readonly module: string;
  readonly provider: string;
  readonly errnoName: string;
  /** The kernel's last line about the provider; null where it prints none. */
  readonly line: string | null;
  /** What the module uses of it. */
  readonly symbols: readonly string[];
}

export const dependencyRefused = defineFinding<DependencyRefusedFacts>({
  id: 'dependency-refused',
  severity: 'error',
  message: '{module} needs {provider}, which would be refused ({errnoName})',
  explain: ({ provider, line, symbols }, t) =>
    line === null
      ? t('Without {0} these symbols are unknown: {1}.', provider, symbols.join(', '))
      : t(
          'The kernel refuses {0} with "{1}". Without that module, these symbols are unknown: {2}.',
          provider,
          line,
          symbols.join(', '),
        ),
  errnos: {},
  anchor: ({ symbols }) => ({ kind: 'uses', names: symbols }),
  fixes: ['rebuild'],
  samples: [
    {
      module: 'M',
      provider: 'P',
      errnoName: 'ENOEXEC',
      line: 'P: disagrees about version of symbol S',
      symbols: ['S'],
    },
    { module: 'M', provider: 'P', errnoName: 'ENOEXEC', line: null, symbols: ['S'] },
  ],
});
