import { defineFinding, err } from './types';

export const livepatchUnsupported = defineFinding<{ module: string }>({
  id: 'livepatch-unsupported',
  severity: 'error',
  dmesg: ({ module }) => err(`${module}: module is marked as livepatch module, but livepatch support is disabled`),
  explain: 'The module carries the livepatch tag and this kernel was built without CONFIG_LIVEPATCH.',
  errnos: { 8: 13 },
  anchor: 'license',
  fixes: [],
  samples: [{ module: 'M' }],
});
