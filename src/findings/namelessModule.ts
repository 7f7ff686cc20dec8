import { defineFinding, warn } from './types';

/** The warning comes with a stack dump, which is left out. */
export const namelessModule = defineFinding<Record<never, never>>({
  id: 'nameless-module',
  severity: 'error',
  dmesg: () => warn('kobject: (0000000000000000): attempted to be registered with empty name!'),
  explain: 'The name in struct module is empty, and there can be no directory without a name under /sys/module.',
  errnos: { 22: 12 },
  anchor: 'build',
  fixes: [],
  samples: [{}],
});
