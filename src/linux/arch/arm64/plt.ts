// PLT entries of arm64 (arch/arm64/kernel/module-plts.c): counted before the layout, made while relocations are applied.
import type { Load, LoadedSection } from '../../kernel/module/types';
import type { Relocation } from '../relocationEntry';
import { isForbiddenForAdrp } from './generation';
import { adrpAddPair, branch, PLT_ENTRY, pltEntry } from './insn';

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
  const value = entry.wide;
  // Sorted relocations make equal targets neighbors.
  const isLast = plt.last === value;
  const from = plt.used;
  const index = isLast ? from - 1 : passOver(entry.load, plt, from);
  const at = index * PLT_ENTRY;
  const address = plt.section.sh_addr + BigInt(at);
  entry.leadsThrough('PLT', plt.section, at, value);
  if (isLast) return address;
  plt.used = index + 1;
  plt.last = value;
  write(plt.section, at, pltEntry(value, address));
  return plt.used > plt.max ? null : address;
}

/** The next entry, or the one behind it where the first would itself lie at the end of a page (erratum 843419). */
function passOver(load: Load, { section }: PltSection, index: number): number {
  return isForbiddenForAdrp(load, section.sh_addr + BigInt(index * PLT_ENTRY)) ? index + 1 : index;
}

/**
 * module_emit_veneer_for_adrp(): the address of code that does what the ADRP of the relocation would, `value` in its register,
 * and goes on behind it; null when there is no room.
 */
export function moduleEmitVeneerForAdrp(entry: Relocation, insn: number, value: bigint): bigint | null {
  const state = arm64Module(entry.load);
  if (!state) return null;
  const plt = entry.target.place?.region.init ? state.init : state.core;
  const from = plt.used;
  plt.used++;
  plt.last = null;
  if (plt.used > plt.max) return null;
  const index = passOver(entry.load, plt, from);
  plt.used = index + 1;
  const at = index * PLT_ENTRY;
  const address = plt.section.sh_addr + BigInt(at);
  entry.leadsThrough('veneer', plt.section, at, value);
  const back = branch(address + 8n, entry.place + 4n);
  write(plt.section, at, [...adrpAddPair(value, address, insn & 31), back]);
  return address;
}

function write({ place }: LoadedSection, at: number, code: readonly number[]): void {
  if (!place || place.offset + at + PLT_ENTRY > place.region.image.length) return;
  const { image } = place.region;
  const view = new DataView(image.buffer, image.byteOffset + place.offset + at, PLT_ENTRY);
  for (const [i, insn] of code.entries()) view.setUint32(4 * i, insn, true);
}
