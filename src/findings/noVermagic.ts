import { defineFinding } from './types';

export const noVermagic = defineFinding<{ module: string; forceLoad: boolean }>({
  id: 'no-vermagic',
  severity: 'warning',
  message: '{module}: carries no vermagic',
  explain: ({ forceLoad }, t) =>
    forceLoad
      ? t('Without vermagic the kernel cannot tell what the module was built for; it loads it and taints itself.')
      : t('Without vermagic this kernel refuses the module, without a line in the log.'),
  errnos: {},
  anchor: 'build',
  fixes: ['rebuild'],
  samples: [{ module: 'M', forceLoad: true }],
});
