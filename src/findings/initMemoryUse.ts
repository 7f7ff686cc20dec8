import { defineFinding } from './types';

export interface InitMemoryUseFacts {
  readonly module: string;
  /** What refers, and what is referred to. */
  readonly from: string;
  readonly fromSection: string;
  readonly to: string;
  readonly toSection: string;
  readonly fromIsCode: boolean;
}

export const initMemoryUse = defineFinding<InitMemoryUseFacts>({
  id: 'init-memory-use',
  severity: 'warning',
  // As modpost words it.
  message: ({ module, from, fromSection, to, toSection }) =>
    `${module}: section mismatch in reference: ${from} (section: ${fromSection}) -> ${to} (section: ${toSection})`,
  symbol: ({ to }) => to,
  explain: ({ from, to, fromIsCode }, t) =>
    fromIsCode
      ? t(
          "{0} lies in memory that the kernel frees once the module's init has run, and {1} stays: calling or reading it later is a crash. Take __init or __initdata off {0}, or mark {1} the same way.",
          to,
          from,
        )
      : t(
          "{0} lies in memory that the kernel frees once the module's init has run, and {1} stays: following this pointer later is a crash. Take __init or __initdata off {0}, or mark {1} the same way.",
          to,
          from,
        ),
  errnos: {},
  anchor: 'given',
  fixes: [],
  samples: [
    { module: 'M', from: 'F', fromSection: '.text', to: 'S', toSection: '.init.text', fromIsCode: true },
    { module: 'M', from: 'D', fromSection: '.data', to: 'S', toSection: '.init.data', fromIsCode: false },
  ],
});
