import { defineFinding, warn } from './types';

export const lockDebuggingDisabled = defineFinding<object>({
  id: 'lock-debugging-disabled',
  severity: 'information',
  once: () => 'lock-debugging',
  dmesg: () => warn('Disabling lock debugging due to kernel taint'),
  explain:
    'The kernel stops trusting its lock checker once a proprietary or forced module is in. No load is refused because of it.',
  errnos: {},
  anchor: 'build',
  fixes: [],
  harmless: true,
  samples: [{}],
});
