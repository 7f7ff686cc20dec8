import { defineFinding } from './types';

export const noExit = defineFinding<{ module: string }>({
  id: 'no-exit',
  severity: 'error',
  message: '{module} has an init function and no exit function',
  explain: 'Without module_exit() a module stays until reboot; rmmod says "Device or resource busy".',
  errnos: {},
  anchor: 'init',
  fixes: [],
  samples: [{ module: 'M' }],
});
