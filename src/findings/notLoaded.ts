import { defineFinding } from './types';

export const notLoaded = defineFinding<{ module: string }>({
  id: 'not-loaded',
  severity: 'error',
  message: ({ module }, t) => t('{0} is not loaded', module),
  explain: (_, t) => t('There is no module of that name.'),
  errnos: {},
  anchor: 'nowhere',
  fixes: [],
  samples: [{ module: 'M' }],
});
