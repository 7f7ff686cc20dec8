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
  /** Entries for ftrace come first: to ftrace_caller(), which no module may name, and to __gnu_mcount_nc(). */
  readonly fixed: number;
}

export const PLT_ENT_SIZE = 8;

export function pltLayout({ facts: { config }, features }: Pick<Load, 'facts' | 'features'>): PltLayout {
  const stride = 1 << Number(config['ARM_L1_CACHE_SHIFT'] ?? 6);
  const thumb = config['THUMB2_KERNEL'] === 'y';
  const arm = 0xe59f_f000 | (stride - 8);
  // A Thumb-2 instruction is stored by halves, the first one first.
  const wide = ((0xf000 | (stride - 4)) << 16) | 0xf8df;
  const fixed = config['DYNAMIC_FTRACE'] === 'y' && features.rows.has('armFixedPlts') ? 2 : 0;
  return { stride, load: (thumb ? wide : arm) >>> 0, fixed };
}

/**
 * get_module_plt(): the address of an entry that leads to `value`. The kernel's BUG_ON() for a table that is full cannot
 * come about: what is counted is never less than what is wanted.
 */
export function getModulePlt(entry: Relocation, state: ArmModule, value: number): number {
  const plt = entry.target.place?.region.init ? state.init : state.core;
  const { layout } = state;
  const perSet = layout.stride / 4;
  const { fixed } = layout;
  const mcount = fixed > 0 ? mcountAddress(entry.load) : null;
  if (plt.count === 0 && fixed > 0) {
    plt.count = fixed;
    if (mcount !== null) fillEntry(plt, layout, fixed - 1, mcount);
  }
  const again = value === mcount ? fixed - 1 : plt.last === value ? plt.count - 1 : null;
  const index = again ?? plt.count++;
  const at = Math.floor(index / perSet) * 2 * layout.stride + (index % perSet) * 4;
  entry.leadsThrough('PLT', plt.section, at, BigInt(value));
  if (again === null) {
    plt.last = value;
    fillEntry(plt, layout, index, value);
  }
  return Number(plt.section.sh_addr) + at;
}

/** MCOUNT_ADDR, where the kernel exports it. */
function mcountAddress({ machine }: Load): number | null {
  const found = machine.kernel.findExport('__gnu_mcount_nc');
  return found ? Number(BigInt.asUintN(32, found.value)) : null;
}

/** Writes an entry; a new set gets all its loads at once. */
function fillEntry({ section }: PltSection, { stride, load }: PltLayout, index: number, value: number): void {
  const { place, sh_size } = section;
  const perSet = stride / 4;
  const set = Math.floor(index / perSet) * 2 * stride;
  const literal = set + stride + (index % perSet) * 4;
  if (!place || literal + 4 > sh_size) return;
  const { image } = place.region;
  const view = new DataView(image.buffer, image.byteOffset + place.offset, sh_size);
  for (let i = 0; i < perSet; i++) view.setUint32(set + 4 * i, load, true);
  view.setUint32(literal, value >>> 0, true);
}
