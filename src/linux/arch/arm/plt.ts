// PLT entries of arm (arch/arm/kernel/module-plts.c). Loads and their literals lie in sets: a cache line of each.
import type { Load, LoadedSection } from '../../kernel/module/types';
import type { Relocation } from '../relocationEntry';

/** struct mod_plt_sec, with what was counted. */
export interface PltSection {
  readonly section: LoadedSection;
  count: number;
  /** Where the last entry leads. */
  last: number | null;
}

/** struct mod_arch_specific */
export interface ArmModule {
  readonly kind: 'arm';
  readonly core: PltSection;
  readonly init: PltSection;
  readonly layout: PltLayout;
}

/** What the configuration makes of PLT entries; bytes. */
export interface PltLayout {
  /** PLT_ENT_STRIDE: a line of loads, and one of literals behind it. */
  readonly stride: number;
  /** PLT_ENT_LDR as it stands in memory: ldr pc, [pc, ...] to the literal. */
  readonly load: number;
  /** Entries for ftrace come first, whose targets no module may name. */
  readonly fixed: number;
}

export const PLT_ENT_SIZE = 8;

export function pltLayout({ facts: { config } }: Pick<Load, 'facts'>): PltLayout {
  const stride = 1 << Number(config['ARM_L1_CACHE_SHIFT'] ?? 6);
  const thumb = config['THUMB2_KERNEL'] === 'y';
  const arm = 0xe59f_f000 | (stride - 8);
  // A Thumb-2 instruction is stored by halves, the first one first.
  const wide = ((0xf000 | (stride - 4)) << 16) | 0xf8df;
  return { stride, load: (thumb ? wide : arm) >>> 0, fixed: config['DYNAMIC_FTRACE'] === 'y' ? 2 : 0 };
}

/**
 * get_module_plt(): the address of an entry that leads to `value`. The kernel's BUG_ON() for a table that is full cannot
 * come about: what is counted is never less than what is wanted.
 */
export function getModulePlt(entry: Relocation, state: ArmModule, value: number): number {
  const plt = entry.target.place?.region.init ? state.init : state.core;
  const { stride, load, fixed } = state.layout;
  const base = Number(plt.section.sh_addr);
  const perSet = stride / 4;
  const loadAt = (index: number): number => Math.floor(index / perSet) * 2 * stride + (index % perSet) * 4;
  if (plt.count === 0) plt.count = fixed;
  const isLast = plt.last === value;
  entry.leadsThrough('PLT', plt.section, loadAt(isLast ? plt.count - 1 : plt.count), BigInt(value));
  if (isLast) return base + loadAt(plt.count - 1);
  const index = plt.count++;
  plt.last = value;
  const { place } = plt.section;
  const at = loadAt(index);
  if (place && at + stride + 4 <= plt.section.sh_size) {
    const { image } = place.region;
    const view = new DataView(image.buffer, image.byteOffset + place.offset, plt.section.sh_size);
    const set = at - (index % perSet) * 4;
    // A new set gets all its loads at once.
    for (let i = 0; i < perSet; i++) view.setUint32(set + 4 * i, load, true);
    view.setUint32(at + stride, value >>> 0, true);
  }
  return base + at;
}
