import { defineFinding, err } from './types';

export const blacklisted = defineFinding<{ module: string }>({
  id: 'blacklisted',
  severity: 'error',
  dmesg: ({ module }) => err(`Module ${module} is blacklisted`),
  explain: 'The kernel command line names this module in module_blacklist=. It refuses to load it however it is asked.',
  errnos: { 1: 2 },
  anchor: 'nowhere',
  fixes: [],
  samples: [{ module: 'M' }],
});
