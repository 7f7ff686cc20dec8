import { defineFinding } from './types';

export const noCapability = defineFinding<{ disabled: boolean }>({
  id: 'no-capability',
  severity: 'error',
  message: 'loading and unloading modules is switched off on this machine',
  explain:
    'kernel.modules_disabled is set (by sysctl or the boot parameter nomodule). The kernel prints no line; it cannot be unset until the next boot.',
  errnos: { 1: 3 },
  anchor: 'nowhere',
  fixes: [],
  samples: [{ disabled: true }],
});
