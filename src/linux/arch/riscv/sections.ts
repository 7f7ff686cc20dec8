// Sections that modules of RISC-V get: PLT and GOT entries (arch/riscv/kernel/module-sections.c).
import { note } from '../../../findings/notes';
import { uncheckedField } from '../../../findings/uncheckedField';
import { SHF_ALLOC, SHF_EXECINSTR, SHT_NOBITS, SHT_RELA } from '../../../formats/elf/constants';
import { sectionName } from '../../kernel/module/loadInfo';
import type { Errno, Load, LoadedSection } from '../../kernel/module/types';
import { halvesOf, missingSection, writeWords, type Entries } from '../preparedSections';
import type { Relocation } from '../relocationEntry';
import { R_RISCV_CALL_PLT, R_RISCV_GOT_HI20, R_RISCV_PLT32 } from './relocations';

const RELA = 24;
const PLT_ENTRY = 12;
const GOT_ENTRY = 8;
/** L1_CACHE_BYTES (asm/cache.h) */
const CACHE_LINE = 64;

/** struct mod_arch_specific */
export interface RiscvModule {
  readonly kind: 'riscv64';
  readonly plt: Entries;
  readonly got: Entries;
  readonly gotPlt: LoadedSection;
}

export function riscvModule(load: Load): RiscvModule | null {
  return load.archSpecific?.kind === 'riscv64' ? (load.archSpecific as RiscvModule) : null;
}

export function frobArchSections(load: Load): Errno {
  const { info, facts } = load;
  if (facts.config['MODULE_SECTIONS'] !== 'y') return 0;
  const found = new Map<string, LoadedSection>();
  for (const section of info.sechdrs) {
    const name = sectionName(info, section);
    if (name === '.plt' || name === '.got' || name === '.got.plt') found.set(name, section);
  }
  const [plt, got, gotPlt] = [found.get('.plt'), found.get('.got'), found.get('.got.plt')];
  if (!plt) return missing(load, 'PLT');
  if (!got) return missing(load, 'GOT');
  if (!gotPlt) return missing(load, 'GOT.PLT');
  const count = countEntries(load);
  plt.become(SHT_NOBITS, SHF_EXECINSTR | SHF_ALLOC, CACHE_LINE, (count.plts + 1) * PLT_ENTRY);
  got.become(SHT_NOBITS, SHF_ALLOC, CACHE_LINE, (count.gots + 1) * GOT_ENTRY);
  gotPlt.become(SHT_NOBITS, SHF_ALLOC, CACHE_LINE, (count.plts + 1) * GOT_ENTRY);
  const state: RiscvModule = {
    kind: 'riscv64',
    plt: { section: plt, max: count.plts, of: new Map() },
    got: { section: got, max: count.gots, of: new Map() },
    gotPlt,
  };
  load.archSpecific = state;
  return 0;
}

function missing(load: Load, what: string): Errno {
  return missingSection(load, `${load.mod.name}: module ${what} section(s) missing`);
}

/** count_max_entries(): equal entries count once, of a section up to 6.15 and of all code after. */
function countEntries({ info, features }: Load): { plts: number; gots: number } {
  const { bytes } = info;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = { plts: 0, gots: 0 };
  const wanted = [
    R_RISCV_CALL_PLT,
    R_RISCV_GOT_HI20,
    ...(features.rows.has('riscvAccumulates') ? [R_RISCV_PLT32] : []),
  ];
  let seen = new Set<string>();
  for (const section of info.sechdrs) {
    const target = info.sechdrs[section.sh_info];
    if (section.sh_type !== SHT_RELA || !target || !(target.sh_flags & SHF_EXECINSTR)) continue;
    if (!features.rows.has('riscvPltsOfWholeModule')) seen = new Set();
    const end = Math.min(section.sh_offset + section.sh_size, bytes.length) - RELA;
    for (let at = section.sh_offset; at <= end; at += RELA) {
      const type = view.getUint32(at + 8, true);
      if (!wanted.includes(type)) continue;
      const addend = `${view.getUint32(at + 20, true)}:${view.getUint32(at + 16, true)}`;
      const key = `${type} ${view.getUint32(at + 12, true)} ${addend}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (type === R_RISCV_GOT_HI20) count.gots++;
      else count.plts++;
    }
  }
  return count;
}

/** module_emit_got_entry(): the address of the GOT entry that holds `value`, for the relocation `entry`. */
export function emitGotEntry(entry: Relocation, { got }: RiscvModule, value: bigint): bigint {
  const index = indexOf(entry.load, got, value);
  entry.leadsThrough('GOT', got.section, index * GOT_ENTRY, value);
  writeWords(got.section, index * GOT_ENTRY, halvesOf(value));
  return got.section.sh_addr + BigInt(index * GOT_ENTRY);
}

/** module_emit_plt_entry(): the address of an entry that jumps to `value`. */
export function emitPltEntry(entry: Relocation, { plt, gotPlt }: RiscvModule, value: bigint): bigint {
  const index = indexOf(entry.load, plt, value);
  entry.leadsThrough('PLT', plt.section, index * PLT_ENTRY, value);
  const address = plt.section.sh_addr + BigInt(index * PLT_ENTRY);
  const offset = Number(BigInt.asIntN(32, gotPlt.sh_addr + BigInt(index * GOT_ENTRY) - address));
  const upper = (offset + 0x800) & 0xffff_f000;
  // auipc t0; ld t1, (t0); jr t1
  const code = [0x17 | (5 << 7) | upper, 0x3003 | ((offset - upper) << 20) | (5 << 15) | (6 << 7), 0x67 | (6 << 15)];
  writeWords(gotPlt, index * GOT_ENTRY, halvesOf(value));
  writeWords(plt.section, index * PLT_ENTRY, code);
  return address;
}

/** The kernel stops with BUG_ON() where fewer entries were counted than are wanted: only relocations of code are counted. */
function indexOf(load: Load, { of, max, section }: Entries, value: bigint): number {
  const known = of.get(value);
  if (known !== undefined) return known;
  const index = of.size;
  of.set(value, index);
  if (index >= max) {
    const facts = { section: sectionName(load.info, section), count: max };
    load.report(uncheckedField, { field: note('entries-uncounted', facts) });
  }
  return index;
}
