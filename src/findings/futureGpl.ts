import { defineFinding, warn } from './types';

export const futureGpl = defineFinding<{ symbol: string; namesFile?: true }>({
  id: 'gpl-future',
  severity: 'warning',
  dmesg: ({ symbol, namesFile }) => [
    warn(`Symbol ${symbol} is being used by a non-GPL module, which will not be allowed in the future`),
    ...(namesFile
      ? [
          warn(
            'Please see the file Documentation/feature-removal-schedule.txt in the kernel source tree for more details.',
          ),
        ]
      : []),
  ],
  symbol: ({ symbol }) => symbol,
  explain: 'The symbol is announced to become GPL-only.',
  errnos: {},
  anchor: 'use',
  fixes: [],
  samples: [{ symbol: 'S' }, { symbol: 'S', namesFile: true }],
});
