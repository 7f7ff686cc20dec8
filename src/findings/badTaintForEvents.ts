import { defineFinding, err } from './types';

export const badTaintForEvents = defineFinding<{ module: string }>({
  id: 'trace-events',
  severity: 'information',
  dmesg: ({ module }) => err(`${module}: module has bad taint, not creating trace events`),
  explain:
    'The kernel does not offer trace events of proprietary or forced modules. The module is not refused for this reason.',
  errnos: {},
  anchor: 'init',
  fixes: [],
  samples: [{ module: 'M' }],
});
