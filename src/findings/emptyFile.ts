import { defineFinding } from './types';

export const emptyFile = defineFinding<object>({
  id: 'empty-file',
  severity: 'error',
  message: 'the file is empty',
  explain:
    'The kernel refuses to read an empty file as a module; it prints no line. The build was probably interrupted.',
  errnos: { 8: 14, 22: 14 },
  anchor: 'build',
  fixes: [],
  samples: [{}],
});
