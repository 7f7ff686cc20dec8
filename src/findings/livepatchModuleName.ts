import { defineFinding, err } from './types';

export const livepatchModuleName = defineFinding<Record<never, never>>({
  id: 'livepatch-module-name',
  severity: 'error',
  dmesg: () => err('livepatch: vmlinux.ko: invalid module name'),
  explain: 'A kernel with livepatching calls itself vmlinux: no module may have that name. Give it another one.',
  errnos: { 22: 11 },
  anchor: 'build',
  fixes: [],
  samples: [{}],
});
