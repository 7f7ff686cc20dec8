import { defineFinding, err } from './types';

export const writableExecutable = defineFinding<{ module: string; section: string; index: number }>({
  id: 'write-exec',
  severity: 'error',
  dmesg: ({ module, section, index }) =>
    err(`${module}: section ${section} (index ${index}) has invalid WRITE|EXEC flags`),
  explain:
    'Memory may be written or executed, not both. Inline assembly or a section attribute gave this section both flags; even a section that is never loaded counts.',
  errnos: { 8: 11 },
  anchor: ({ section }) => ({ kind: 'section', name: section }),
  fixes: [],
  samples: [{ module: 'M', section: 'X', index: 1001 }],
});
