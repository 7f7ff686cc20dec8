import { defineFinding, err } from './types';

export const noExportFlags = defineFinding<{ module: string }>({
  id: 'no-export-flags',
  severity: 'error',
  dmesg: ({ module }) => err(`${module}: no flags for exported symbols`),
  explain:
    'The module was built by the tools of an older kernel: this one expects a flag for each export (__kflagstab).',
  errnos: { 8: 10 },
  anchor: 'build',
  fixes: [],
  samples: [{ module: 'M' }],
});
