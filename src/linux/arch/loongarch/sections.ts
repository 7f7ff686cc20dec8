// Sections that modules of LoongArch get: GOT and PLT entries (arch/loongarch/kernel/module-sections.c).
import { note } from '../../../findings/notes';
import { uncheckedField } from '../../../findings/uncheckedField';
import { SHF_ALLOC, SHF_EXECINSTR, SHT_NOBITS, SHT_RELA } from '../../../formats/elf/constants';
import { sort } from '../../lib/sort';
import { sectionName } from '../../kernel/module/loadInfo';
import type { Errno, Load, LoadedSection } from '../../kernel/module/types';
import { halvesOf, missingSection, writeWords, type Entries } from '../preparedSections';
import type { Relocation } from '../relocationEntry';
import { R_LARCH_B26, R_LARCH_GOT_PC_HI20, R_LARCH_GOT_PCADD_HI20, R_LARCH_SOP_PUSH_PLT_PCREL } from './relocations';

const RELA = 24;
const GOT_ENTRY = 8;
export const PLT_ENTRY = 16;
/** NR_FTRACE_PLTS (asm/ftrace.h) */
const TRAMPOLINES = 2;

/** struct mod_arch_specific */
export interface LoongArchModule {
  readonly kind: 'loongarch64';
  readonly got: Entries;
  readonly plt: Entries;
  readonly pltIdx: LoadedSection;
}

export function loongArchModule(load: Load): LoongArchModule | null {
  return load.archSpecific?.kind === 'loongarch64' ? (load.archSpecific as LoongArchModule) : null;
}

export function frobArchSections(load: Load): Errno {
  const { info, facts, features } = load;
  const found = new Map<string, LoadedSection>();
  for (const section of info.sechdrs) found.set(sectionName(info, section), section);
  const [got, plt, pltIdx] = [found.get('.got'), found.get('.plt'), found.get('.plt.idx')];
  if (!got) return missing(load, 'GOT');
  if (!plt) return missing(load, 'PLT');
  if (!pltIdx) return missing(load, 'PLT.IDX');
  const count = countEntries(load);
  const line = 1 << Number(facts.config['L1_CACHE_SHIFT'] ?? 6);
  got.become(SHT_NOBITS, SHF_ALLOC, line, (count.gots + 1) * GOT_ENTRY);
  plt.become(SHT_NOBITS, SHF_EXECINSTR | SHF_ALLOC, line, (count.plts + 1) * PLT_ENTRY);
  pltIdx.become(SHT_NOBITS, SHF_ALLOC, line, (count.plts + 1) * GOT_ENTRY);
  if (features.rows.has('larchFtraceTrampoline'))
    found.get('.ftrace_trampoline')?.become(SHT_NOBITS, SHF_EXECINSTR | SHF_ALLOC, 4, TRAMPOLINES * PLT_ENTRY);
  const state: LoongArchModule = {
    kind: 'loongarch64',
    got: { section: got, max: count.gots, of: new Map() },
    plt: { section: plt, max: count.plts, of: new Map() },
    pltIdx,
  };
  load.archSpecific = state;
  return 0;
}

function missing(load: Load, what: string): Errno {
  return missingSection(load, `${load.mod.name}: module ${what} section(s) missing`);
}

/** count_max_entries() of each section of code: equal entries count once. Newer kernels sort the table for it, and leave it so. */
function countEntries(load: Load): { plts: number; gots: number } {
  const { info, features } = load;
  const { bytes } = info;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = { plts: 0, gots: 0 };
  for (const section of info.sechdrs) {
    const target = info.sechdrs[section.sh_info];
    if (section.sh_type !== SHT_RELA || !target || !(target.sh_flags & SHF_EXECINSTR)) continue;
    const entries = Math.floor(Math.max(0, Math.min(section.sh_size, bytes.length - section.sh_offset)) / RELA);
    const at = (entry: number): number => section.sh_offset + entry * RELA;
    if (features.rows.has('larchSortsEntries')) section.order = sorted(load, view, at, entries);
    const seen = new Set<string>();
    for (let entry = 0; entry < entries; entry++) {
      const type = view.getUint32(at(entry) + 8, true);
      const isPlt = type === R_LARCH_SOP_PUSH_PLT_PCREL || type === R_LARCH_B26;
      const isPcadd = type === R_LARCH_GOT_PCADD_HI20 && features.rows.has('larchPcadd');
      if (!isPlt && !isPcadd && type !== R_LARCH_GOT_PC_HI20) continue;
      const key = `${type} ${view.getUint32(at(entry) + 12, true)} ${view.getBigInt64(at(entry) + 16, true)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (isPlt) count.plts++;
      else count.gots++;
    }
  }
  return count;
}

/** By r_info, which is symbol and type, then by addend as a signed number. */
function sorted(load: Load, view: DataView, at: (entry: number) => number, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const word = (entry: number, offset: number): number => view.getUint32(at(entry) + offset, true);
  const compare = (a: number, b: number): number =>
    word(a, 12) - word(b, 12) ||
    word(a, 8) - word(b, 8) ||
    view.getInt32(at(a) + 20, true) - view.getInt32(at(b) + 20, true) ||
    word(a, 16) - word(b, 16);
  sort(order, compare, load.features.rows.has('sortsByThrees'));
  return order;
}

/** module_emit_got_entry(): the address of the GOT entry that holds `value`; null when it is one more than was counted. */
export function emitGotEntry(entry: Relocation, { got }: LoongArchModule, value: bigint): bigint | null {
  const known = got.of.get(value);
  const index = known ?? got.of.size;
  entry.leadsThrough('GOT', got.section, index * GOT_ENTRY, value);
  if (known === undefined) {
    got.of.set(value, index);
    writeWords(got.section, index * GOT_ENTRY, halvesOf(value));
    // The one too many is refused, but found from then on.
    if (index >= got.max) return null;
  }
  return got.section.sh_addr + BigInt(index * GOT_ENTRY);
}

const LU12I_W = 0x1400_0000;
const LU32I_D = 0x1600_0000;
const LU52I_D = 0x0300_0000;
const JIRL = 0x4c00_0000;
const BREAK = 0x002a_0000;
const T1 = 13;

/** emit_plt_entry(): loads the address in three parts and jumps to it with the rest. */
export function pltEntry(value: bigint): readonly number[] {
  const bits = (shift: bigint, count: number): number => Number(BigInt.asUintN(count, value >> shift));
  const low = bits(0n, 12);
  return [
    LU12I_W | (bits(12n, 20) << 5) | T1,
    LU32I_D | (bits(32n, 20) << 5) | T1,
    LU52I_D | (bits(52n, 12) << 10) | (T1 << 5) | T1,
    // What is no multiple of four cannot be jumped to.
    low % 4 === 0 ? JIRL | ((low >> 2) << 10) | (T1 << 5) : BREAK,
  ];
}

/** module_emit_plt_entry(): the address of an entry that jumps to `value`. */
export function emitPltEntry(entry: Relocation, { plt, pltIdx }: LoongArchModule, value: bigint): bigint {
  const { load } = entry;
  const known = plt.of.get(value);
  const index = known ?? plt.of.size;
  entry.leadsThrough('PLT', plt.section, index * PLT_ENTRY, value);
  if (known === undefined) {
    plt.of.set(value, index);
    writeWords(plt.section, index * PLT_ENTRY, pltEntry(value));
    writeWords(pltIdx, index * GOT_ENTRY, halvesOf(value));
    // BUG_ON()
    if (index >= plt.max) {
      const facts = { section: sectionName(load.info, plt.section), count: plt.max };
      load.report(uncheckedField, { field: note('entries-uncounted', facts) });
    }
  }
  return plt.section.sh_addr + BigInt(index * PLT_ENTRY);
}
