import { defineFinding, warn } from './types';

export const sysfsDuplicate = defineFinding<{ path: string; refused: boolean }>({
  id: 'sysfs-duplicate',
  severity: ({ refused }) => (refused ? 'error' : 'warning'),
  dmesg: ({ path }) => warn(`sysfs: cannot create duplicate filename '${path}'`),
  explain: 'Two things of the module want the same name in its directory under /sys/module.',
  errnos: { 17: 3 },
  anchor: 'build',
  fixes: [],
  samples: [{ path: 'X', refused: false }],
});
