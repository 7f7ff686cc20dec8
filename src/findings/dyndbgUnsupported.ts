import { defineFinding, warn } from './types';

export const dyndbgUnsupported = defineFinding<object>({
  id: 'dyndbg-unsupported',
  severity: 'warning',
  dmesg: () => warn('dyndbg param is supported only in CONFIG_DYNAMIC_DEBUG builds'),
  explain: 'This kernel has no dynamic debugging; the parameter does nothing.',
  errnos: {},
  anchor: 'nowhere',
  fixes: [],
  samples: [{}],
});
