// Entries of the PLT, of the GOT and of stubs, named after what they lead to.
import type { LoadTrace } from '../../linux/trace/types';
import type { StepLinks, StepRelocations } from './types';

/** null where relocations were not applied. */
export function stepLinks({ links }: LoadTrace, relocations: StepRelocations): StepLinks | null {
  if (!links) return null;
  const { tables, sections, offsets, targets, entry, relocation } = links;
  // The first use names an entry: all have the same symbol and addend, or at least the same target.
  const first = new Map<number, number>();
  for (const [use, index] of entry.entries()) if (!first.has(index)) first.set(index, relocation[use] ?? 0);
  return {
    tables,
    places: sections.map((section, i) => `${section} + 0x${(offsets[i] ?? 0).toString(16)}`),
    names: tables.map((_, i) => meant(relocations, first.get(i) ?? 0)),
    targets: BigUint64Array.from(targets),
    entry,
    relocation,
  };
}

/** Symbol and addend of a relocation. */
function meant({ symbol, symbolNames, addend }: StepRelocations, relocation: number): string {
  const name = symbolNames[symbol[relocation] ?? 0] ?? '';
  const more = addend[relocation] ?? 0;
  return more === 0 ? name : `${name} ${more < 0 ? '-' : '+'} 0x${Math.abs(more).toString(16)}`;
}
