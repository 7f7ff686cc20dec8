import type { StructModuleFacts } from './thisModuleSize';
import { defineFinding } from './types';

export const structModuleDiffers = defineFinding<StructModuleFacts>({
  id: 'struct-module-unchecked',
  severity: 'warning',
  message: '{module}: struct module is {size} bytes here and {expected} bytes in the kernel, which does not check it',
  explain: ({ built, target }, t) =>
    built !== null && built !== target
      ? t(
          'The module was built for {0}, and the target is {1}. This kernel does not check the size of struct module and reads its fields where its own configuration puts them: init may be skipped or called at a wrong address. Rebuild the module against the headers of the target kernel.',
          built,
          target,
        )
      : t(
          'This kernel accepts any size of .gnu.linkonce.this_module and then reads fields where its own configuration puts them. With another size init may be skipped or called at a wrong address. Rebuild against the headers of the target.',
        ),
  errnos: {},
  anchor: 'nowhere',
  fixes: [],
  samples: [
    { module: 'M', size: 1001, expected: 1002, built: null, target: 'B' },
    { module: 'M', size: 1001, expected: 1002, built: 'A', target: 'B' },
  ],
});
