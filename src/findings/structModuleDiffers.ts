import { defineFinding } from './types';

export const structModuleDiffers = defineFinding<{ module: string; size: number; expected: number }>({
  id: 'struct-module-unchecked',
  severity: 'warning',
  message: ({ module, size, expected }, t) =>
    t(
      '{0}: struct module is {1} bytes here and {2} bytes in the kernel, which does not check it',
      module,
      size,
      expected,
    ),
  explain: (_, t) =>
    t(
      'This kernel accepts any size of .gnu.linkonce.this_module and then reads fields where its own configuration puts them. With another size init may be skipped or called at a wrong address. Rebuild against the headers of the target.',
    ),
  errnos: {},
  anchor: 'nowhere',
  fixes: [],
  samples: [{ module: 'M', size: 1001, expected: 1002 }],
});
