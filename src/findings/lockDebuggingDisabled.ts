import { defineFinding, warn } from './types';

export const lockDebuggingDisabled = defineFinding<object>({
  id: 'lock-debugging-disabled',
  severity: 'information',
  once: () => 'lock-debugging',
  dmesg: () => warn('Disabling lock debugging due to kernel taint'),
  explain:
    'The kernel stops trusting its lock checker when a proprietary or forced module is loaded. The module is not refused for this reason.',
  errnos: {},
  anchor: 'build',
  fixes: [],
  harmless: true,
  samples: [{}],
});
