import { defineFinding } from './types';

export const cfiHashMissing = defineFinding<{ module: string }>({
  id: 'cfi-hash-missing',
  severity: 'warning',
  message: '{module}: no function has a hash of its type',
  explain:
    'This kernel checks the type of a function at every indirect call (CFI), the call of init included. It was built with Clang, and this module was built by another compiler or without -fsanitize=kcfi. The call ends in "CFI failure". Build the module with the compiler and the options of this kernel.',
  errnos: {},
  anchor: 'build',
  fixes: ['rebuild'],
  samples: [{ module: 'M' }],
});
