import { defineFinding } from './types';

export const moduleInUse = defineFinding<{ module: string; users: readonly string[] }>({
  id: 'module-in-use',
  severity: 'error',
  message: ({ module, users }) => `${module} is in use by: ${users.join(' ')}`,
  explain: () => 'Remove the modules that use it first.',
  samples: [{ module: 'M', users: ['U'] }],
});
