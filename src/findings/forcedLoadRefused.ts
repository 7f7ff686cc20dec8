import { defineFinding } from './types';

export const forcedLoadRefused = defineFinding<{ module: string; reason: string }>({
  id: 'no-versions',
  severity: 'error',
  message: '{module}: refused silently ({reason})',
  explain:
    'The module lacks vermagic or symbol versions, and this kernel does not load such modules (CONFIG_MODULE_FORCE_LOAD is off). The kernel prints no line for this. Build against the Module.symvers of the target, and do not strip .modinfo or __versions.',
  errnos: { 8: 4 },
  anchor: 'build',
  fixes: ['rebuild'],
  samples: [{ module: 'M', reason: 'X' }],
});
