import { defineFinding } from './types';

export const uncheckedField = defineFinding<{ field: string }>({
  id: 'unchecked-field',
  severity: 'warning',
  message: ({ field }) => `${field}`,
  explain: () =>
    'This kernel does not check that field; what loading the module would do is undefined. It may crash the machine.',
  samples: [{ field: 'X' }],
});
