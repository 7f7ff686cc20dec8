import { defineFinding } from './types';

export const notLoaded = defineFinding<{ module: string }>({
  id: 'not-loaded',
  severity: 'error',
  message: '{module} is not loaded',
  explain: 'There is no module of that name.',
  errnos: {},
  anchor: 'nowhere',
  fixes: [],
  samples: [{ module: 'M' }],
});
