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
  message: ({ module, from, fromSection, to, toSection }) =>
    `${module}: section mismatch in reference: ${from} (section: ${fromSection}) -> ${to} (section: ${toSection})`,
  symbol: ({ to }) => to,
  explain: ({ from, to, fromIsCode }) =>
    `${to} lies in memory that the kernel frees once the module's init has run, and ${from} stays: ` +
    (fromIsCode ? `calling or reading it later is a crash. ` : `following this pointer later is a crash. `) +
    `Take __init or __initdata off ${to}, or mark ${from} the same way.`,
  samples: [
    { module: 'M', from: 'F', fromSection: '.text', to: 'S', toSection: '.init.text', fromIsCode: true },
    { module: 'M', from: 'D', fromSection: '.data', to: 'S', toSection: '.init.data', fromIsCode: false },
  ],
});
