import { defineFinding, err } from './types';

export const thisModuleSize = defineFinding<{ module: string; size: number; expected: number }>({
  id: 'this-module-size',
  severity: 'error',
  dmesg: ({ module }) =>
    err(
      `module ${module}: .gnu.linkonce.this_module section size must match the kernel's built struct module size at run time`,
    ),
  explain:
    'struct module is {size} bytes in this file and {expected} bytes in the kernel. The module was built against headers with another configuration; the release name and vermagic need not show it.',
  errnos: { 8: 3 },
  anchor: 'build',
  fixes: ['rebuild'],
  samples: [{ module: 'M', size: 1001, expected: 1002 }],
});
