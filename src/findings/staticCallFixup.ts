import { defineFinding, warn } from './types';

/** kernel/static_call_inline.c: static_call_add_module() and static_call_module_notify(). */
export const staticCallFixup = defineFinding<{ module: string; caller: string }>({
  id: 'static-call-fixup',
  severity: 'error',
  dmesg: ({ module, caller }) => [
    warn(`Failed to fixup __raw_static_call() usage at: ${caller} [${module}]`),
    warn('Failed to allocate memory for static calls'),
  ],
  symbol: ({ caller }) => caller,
  explain:
    'An entry of .static_call_sites names code where it has to name a key (__SCK__...) or a trampoline that the kernel exports (__SCT__...).',
  errnos: { 22: 6 },
  anchor: 'build',
  fixes: ['rebuild'],
  samples: [{ module: 'M', caller: 'F' }],
});
