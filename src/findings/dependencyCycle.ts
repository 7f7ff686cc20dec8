import { defineFinding } from './types';

export const dependencyCycle = defineFinding<{ modules: readonly string[] }>({
  id: 'dependency-cycle',
  severity: 'error',
  message: ({ modules }, t) => t('modules need each other: {0}', [...modules, modules[0] ?? ''].join(' -> ')),
  explain:
    'Each of these modules uses symbols of the next. A symbol can be used only when its module is loaded, so that none of them can be the first.',
  errnos: {},
  anchor: 'nowhere',
  fixes: [],
  samples: [{ modules: ['M', 'N'] }],
});
