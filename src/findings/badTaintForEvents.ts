import { defineFinding, err } from './types';

export const badTaintForEvents = defineFinding<{ module: string }>({
  id: 'trace-events',
  severity: 'information',
  dmesg: ({ module }) => err(`${module}: module has bad taint, not creating trace events`),
  explain: 'Trace events of proprietary or forced modules are not offered. No load is refused because of it.',
  errnos: {},
  anchor: 'init',
  fixes: [],
  samples: [{ module: 'M' }],
});
