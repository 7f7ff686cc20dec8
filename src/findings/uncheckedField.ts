import { note, noteText, type Note } from './notes';
import { defineFinding } from './types';

export const uncheckedField = defineFinding<{ field: Note }>({
  id: 'unchecked-field',
  severity: 'warning',
  message: ({ field }, t) => noteText(field, t),
  explain:
    'This kernel does not check that field; what loading the module would do is undefined. It may crash the machine.',
  errnos: {},
  anchor: 'build',
  fixes: [],
  samples: [{ field: note('verbatim', { text: 'X' }) }],
});
