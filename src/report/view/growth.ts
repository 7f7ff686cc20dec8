// What of a module became larger or smaller between two builds.
import type { GrowthEntry, LayoutGrowth } from './types';

/** Sizes of one build, in bytes; plain data that can be kept as JSON. */
export interface BuildSizes {
  /** coresize and initsize by kernel release. */
  readonly totals: Readonly<Record<string, readonly [coresize: number, initsize: number]>>;
  readonly sections: Readonly<Record<string, number>>;
  /** By {@link symbolKey}. */
  readonly symbols: Readonly<Record<string, number>>;
}

/** Section and name of a symbol in one; no name holds a NUL. */
export const symbolKey = (section: string, symbol: string): string => `${section}\0${symbol}`;

/** Largest changes first. Totals are 0 where the earlier build was not held against that kernel. */
export function growthSince(before: BuildSizes, now: BuildSizes, release: string): LayoutGrowth {
  const [coreNow, initNow] = now.totals[release] ?? [0, 0];
  const [coreBefore, initBefore] = before.totals[release] ?? [coreNow, initNow];
  const entries = [
    ...changes(before.sections, now.sections, name => ({ kind: 'section', section: name, symbol: '' })),
    ...changes(before.symbols, now.symbols, key => {
      const [section = '', symbol = ''] = key.split('\0');
      return { kind: 'symbol', section, symbol };
    }),
  ];
  const change = ({ before: was, after }: GrowthEntry): number => Math.abs((after ?? 0) - (was ?? 0));
  entries.sort((a, b) => change(b) - change(a));
  return { coresize: coreNow - coreBefore, initsize: initNow - initBefore, entries };
}

type Sizes = Readonly<Record<string, number>>;

function changes(before: Sizes, now: Sizes, subject: (key: string) => Omit<GrowthEntry, 'before' | 'after'>) {
  const entries: GrowthEntry[] = [];
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const [was, is] = [before[key] ?? null, now[key] ?? null];
    if (was !== is) entries.push({ ...subject(key), before: was, after: is });
  }
  return entries;
}
