import { defineFinding } from './types';

export const noVermagic = defineFinding<{ module: string; forceLoad: boolean }>({
  id: 'no-vermagic',
  severity: 'warning',
  message: ({ module }) => `${module}: carries no vermagic`,
  explain: ({ forceLoad }) =>
    forceLoad
      ? 'Without vermagic the kernel cannot tell what the module was built for; it loads it and taints itself.'
      : 'Without vermagic this kernel refuses the module, without a line in the log.',
  samples: [{ module: 'M', forceLoad: true }],
});
