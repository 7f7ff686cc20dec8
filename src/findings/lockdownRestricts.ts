import { defineFinding, notice } from './types';

export const lockdownRestricts = defineFinding<{ comm: string; what: string }>({
  id: 'lockdown',
  severity: 'error',
  dmesg: ({ comm, what }) => notice(`Lockdown: ${comm}: ${what} is restricted; see man kernel_lockdown.7`),
  explain:
    'The kernel is locked down (lockdown= on its command line, or Secure Boot) and loads only signed modules. Sign the module with a key the kernel trusts.',
  errnos: { 1: 1 },
  anchor: 'build',
  fixes: [],
  samples: [{ comm: 'X', what: 'unsigned module loading' }],
});
