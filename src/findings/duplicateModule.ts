import { defineFinding } from './types';

export const duplicateModule = defineFinding<{ module: string; path: string; other: string }>({
  id: 'duplicate-module',
  severity: 'warning',
  message: ({ module, other }) => `a module called ${module} is also in ${other}`,
  explain: ({ path, other }) =>
    `A kernel knows modules by name only: of ${other} and ${path} it can have one. modprobe takes ${other}, which comes first.`,
  samples: [{ module: 'M', path: 'kernel/M.ko', other: 'updates/M.ko' }],
});
