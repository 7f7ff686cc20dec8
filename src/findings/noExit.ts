import { defineFinding } from './types';

export const noExit = defineFinding<{ module: string }>({
  id: 'no-exit',
  severity: 'error',
  message: ({ module }, t) => t('{0} has an init function and no exit function', module),
  explain: (_, t) => t('Without module_exit() a module stays until reboot; rmmod says "Device or resource busy".'),
  errnos: {},
  anchor: 'init',
  fixes: [],
  samples: [{ module: 'M' }],
});
