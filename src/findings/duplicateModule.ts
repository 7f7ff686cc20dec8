import { defineFinding } from './types';

export const duplicateModule = defineFinding<{ module: string; path: string; other: string }>({
  id: 'duplicate-module',
  severity: 'warning',
  message: ({ module, other }, t) => t('a module called {0} is also in {1}', module, other),
  explain: ({ path, other }, t) =>
    t(
      'A kernel knows modules by name only: of {0} and {1} it can have one. modprobe takes {0}, which comes first.',
      other,
      path,
    ),
  errnos: {},
  anchor: 'nowhere',
  fixes: [],
  samples: [{ module: 'M', path: 'kernel/M.ko', other: 'updates/M.ko' }],
});
