import { defineFinding, warn } from './types';

export const memoryTooLarge = defineFinding<{ module: string; bytes: number; announced: boolean }>({
  id: 'module-memory',
  severity: 'error',
  dmesg: ({ announced }) => (announced ? warn('execmem: unable to allocate memory') : null),
  message: '{module}: needs {bytes} bytes of module memory, more than there is',
  explain:
    'The sections of the module add up to more than the address range for modules. A section size is probably damaged.',
  errnos: { 12: 2 },
  anchor: 'build',
  fixes: [],
  samples: [{ module: 'M', bytes: 1001, announced: true }],
});
