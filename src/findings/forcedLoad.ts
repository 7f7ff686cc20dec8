import { defineFinding, warn } from './types';

export const forcedLoad = defineFinding<{ module: string; reason: string }>({
  id: 'forced-load',
  severity: 'warning',
  dmesg: ({ module, reason }) => warn(`${module}: ${reason}: kernel tainted.`),
  explain:
    'Something the kernel wanted to check is missing from the module, and this kernel is built to load it all the same (CONFIG_MODULE_FORCE_LOAD). It taints itself with F. A kernel without that option refuses the module and prints no line.',
  errnos: {},
  anchor: 'build',
  fixes: [],
  samples: [
    { module: 'M', reason: 'bad vermagic' },
    { module: 'M', reason: 'no versions for exported symbols' },
    { module: 'M', reason: 'S' },
  ],
});
