import { defineFinding } from './types';

export const notLoaded = defineFinding<{ module: string }>({
  id: 'not-loaded',
  severity: 'error',
  message: ({ module }) => `${module} is not loaded`,
  explain: () => 'There is no module of that name.',
  samples: [{ module: 'M' }],
});
