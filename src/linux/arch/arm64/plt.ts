// PLT entries of arm64 (arch/arm64/kernel/module-plts.c): counted before the layout, made while relocations are applied.
import type { Load, LoadedSection } from '../../kernel/module/types';
import type { Relocation } from '../relocationEntry';
import { PLT_ENTRY, pltEntry } from './insn';

/** struct mod_plt_sec */
export interface PltSection {
  readonly section: LoadedSection;
  /** Entries there is room for, apart from one to spare. */
  readonly max: number;
  used: number;
  /** Where the last entry leads. */
  last: bigint | null;
}

/** struct mod_arch_specific */
export interface Arm64Module {
  readonly kind: 'arm64';
  readonly core: PltSection;
  readonly init: PltSection;
}

export function arm64Module(load: Load): Arm64Module | null {
  return load.archSpecific?.kind === 'arm64' ? (load.archSpecific as Arm64Module) : null;
}

/**
 * module_emit_plt_entry(): the address of an entry that leads to S + A, the last one where that leads there already;
 * null when there is no room, which the kernel warns of with a stack dump.
 */
export function moduleEmitPltEntry(entry: Relocation): bigint | null {
  const state = arm64Module(entry.load);
  if (!state) return null;
  const plt = entry.target.place?.region.init ? state.init : state.core;
  const { place } = plt.section;
  const value = entry.wide;
  // Sorted relocations make equal targets neighbors.
  const isLast = plt.last === value;
  const at = (isLast ? plt.used - 1 : plt.used) * PLT_ENTRY;
  entry.leadsThrough('PLT', plt.section, at, value);
  if (isLast) return plt.section.sh_addr + BigInt(at);
  const address = plt.section.sh_addr + BigInt(at);
  plt.used++;
  plt.last = value;
  if (place && place.offset + at + PLT_ENTRY <= place.region.image.length) {
    const { image } = place.region;
    const view = new DataView(image.buffer, image.byteOffset + place.offset + at, PLT_ENTRY);
    for (const [i, insn] of pltEntry(value, address).entries()) view.setUint32(4 * i, insn, true);
  }
  return plt.used > plt.max ? null : address;
}
