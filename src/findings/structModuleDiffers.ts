import { defineFinding } from './types';

export const structModuleDiffers = defineFinding<{ module: string; size: number; expected: number }>({
  id: 'struct-module-unchecked',
  severity: 'warning',
  message: '{module}: struct module is {size} bytes here and {expected} bytes in the kernel, which does not check it',
  explain:
    'This kernel accepts any size of .gnu.linkonce.this_module and then reads fields where its own configuration puts them. With another size init may be skipped or called at a wrong address. Rebuild against the headers of the target.',
  errnos: {},
  anchor: 'nowhere',
  fixes: [],
  samples: [{ module: 'M', size: 1001, expected: 1002 }],
});
