import { defineFinding, warn } from './types';

/** EXPORT_UNUSED_SYMBOL (2.6.18 to 5.11): kernel/module.c, check_symbol(). */
export const unusedExport = defineFinding<{ symbol: string }>({
  id: 'unused-export',
  severity: 'warning',
  dmesg: ({ symbol }) => [
    warn(`Symbol ${symbol} is marked as UNUSED, however this module is using it.`),
    warn('This symbol will go away in the future.'),
    warn(
      'Please evaluate if this is the right api to use and if it really is, submit a report to the linux kernel mailing list together with submitting your code for inclusion.',
    ),
  ],
  symbol: ({ symbol }) => symbol,
  explain: 'The symbol is announced to disappear, because nothing in the kernel uses it.',
  errnos: {},
  anchor: 'use',
  fixes: [],
  samples: [{ symbol: 'S' }],
});
