import { defineFinding, err } from './types';

export const sysfsNameTaken = defineFinding<{ module: string }>({
  id: 'name-taken',
  severity: 'error',
  dmesg: ({ module }) => err(`${module}: module is already loaded`),
  explain:
    'Code built into the kernel already has a directory of this name under /sys/module. Give the module another name.',
  errnos: { 17: 2, 22: 13 },
  anchor: 'build',
  fixes: [],
  samples: [{ module: 'M' }],
});
