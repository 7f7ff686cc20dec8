import { defineFinding, warn } from './types';

export interface SymbolVersionFacts {
  readonly module: string;
  readonly symbol: string;
  /** 'NaN' for a CRC that does not fit 32 bits and equals nothing; null without one. */
  readonly wanted: number | 'NaN' | null;
  readonly found: number;
  readonly owner: string;
  readonly problem: 'differs' | 'missing' | 'missing-once' | 'no-extended';
  /** Releases that the module was built for, as far as its vermagic says, and of the target. */
  readonly built: string | null;
  readonly target: string;
}

const hex = (crc: number | 'NaN'): string => `0x${Number(crc).toString(16).padStart(8, '0')}`;

export const symbolVersion = defineFinding<SymbolVersionFacts>({
  id: 'symbol-version',
  severity: ({ problem }) => (problem === 'differs' || problem === 'missing' ? 'error' : 'warning'),
  once: ({ problem }) => (problem === 'differs' || problem === 'missing' ? null : `symbol-version ${problem}`),
  dmesg: ({ module, symbol, problem }) => {
    if (problem === 'differs') return warn(`${module}: disagrees about version of symbol ${symbol}`);
    if (problem === 'no-extended') return warn(`${module}: no extended symbol version for ${symbol}`);
    return warn(`${module}: no symbol version for ${symbol}`);
  },
  symbol: ({ symbol }) => symbol,
  explain: ({ symbol, wanted, found, owner, built, target }, t) => {
    if (wanted !== null && built !== null && built !== target)
      return symbol === 'module_layout'
        ? t(
            'The module was built for {0}, and the target is {1}. The types that describe a module differ between the two (wanted {2}, the kernel has {3}). Rebuild the module against the headers of the target kernel.',
            built,
            target,
            hex(wanted),
            hex(found),
          )
        : t(
            'The module was built for {0}, and the target is {1}. The module expects {2} with checksum {3}; {4} provides it with {5}. Rebuild the module against the headers of the target kernel.',
            built,
            target,
            symbol,
            hex(wanted),
            owner,
            hex(found),
          );
    if (symbol === 'module_layout')
      return wanted === null
        ? t(
            "The types that describe a module were different in the tree it was built against. The release may match, the build does not (wanted nothing, the kernel has {0}). Nothing in the source causes this: build against the target's own headers.",
            hex(found),
          )
        : t(
            "The types that describe a module were different in the tree it was built against. The release may match, the build does not (wanted {0}, the kernel has {1}). Nothing in the source causes this: build against the target's own headers.",
            hex(wanted),
            hex(found),
          );
    return wanted === null
      ? t(
          "The module's version table has no entry for {0}: Module.symvers of the exporter was missing when it was built.",
          symbol,
        )
      : t(
          'The module expects {0} with checksum {1}; {2} provides it with {3}. The declaration, or a type it uses, changed between the two builds.',
          symbol,
          hex(wanted),
          owner,
          hex(found),
        );
  },
  errnos: { 8: 2, 22: 1 },
  anchor: ({ symbol }) => (symbol === 'module_layout' ? 'build' : 'use'),
  fixes: ['add-extra-symbols', 'rebuild'],
  samples: [
    { module: 'M', symbol: 'S', wanted: 1, found: 2, owner: 'P', problem: 'differs', built: null, target: 'B' },
    { module: 'M', symbol: 'S', wanted: 1, found: 2, owner: 'P', problem: 'differs', built: 'A', target: 'B' },
    { module: 'M', symbol: 'S', wanted: null, found: 2, owner: 'P', problem: 'missing', built: null, target: 'B' },
    { module: 'M', symbol: 'S', wanted: null, found: 2, owner: 'P', problem: 'no-extended', built: null, target: 'B' },
  ],
});
