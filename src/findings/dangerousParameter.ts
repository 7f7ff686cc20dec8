import { defineFinding, notice } from './types';

export const dangerousParameter = defineFinding<{ param: string }>({
  id: 'unsafe-parameter',
  severity: 'warning',
  dmesg: ({ param }) => notice(`Setting dangerous option ${param} - tainting kernel`),
  explain: 'The parameter is declared unsafe (module_param_unsafe); using it taints the kernel with U.',
  errnos: {},
  anchor: ({ param }) => ({ kind: 'parameter', name: param }),
  fixes: ['change-argument'],
  samples: [{ param: 'P' }],
});
