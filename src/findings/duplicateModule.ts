import { defineFinding } from './types';

export const duplicateModule = defineFinding<{ module: string; path: string; other: string }>({
  id: 'duplicate-module',
  severity: 'warning',
  message: 'a module called {module} is also in {other}',
  explain:
    'A kernel knows modules by name only: of {other} and {path} it can have one. modprobe takes {other}, which comes first.',
  errnos: {},
  anchor: 'nowhere',
  fixes: [],
  samples: [{ module: 'M', path: 'kernel/M.ko', other: 'updates/M.ko' }],
});
