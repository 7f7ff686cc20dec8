import { defineFinding, warn } from './types';

export const argumentsAfterDashes = defineFinding<{ module: string; ignored: string }>({
  id: 'arguments-after-dashes',
  severity: 'warning',
  dmesg: ({ module, ignored }) => warn(`${module}: parameters '${ignored}' after \`--' ignored`),
  explain: 'The kernel stops reading module parameters at "--".',
  errnos: {},
  anchor: 'nowhere',
  fixes: ['change-argument'],
  samples: [{ module: 'M', ignored: 'X' }],
});
