import { defineFinding } from './types';

export const moduleInUse = defineFinding<{ module: string; users: readonly string[] }>({
  id: 'module-in-use',
  severity: 'error',
  message: ({ module, users }, t) => t('{0} is in use by: {1}', module, users.join(' ')),
  explain: 'Remove the modules that use it first.',
  errnos: { 16: 2 },
  anchor: 'nowhere',
  fixes: [],
  samples: [{ module: 'M', users: ['U'] }],
});
