// module_frob_arch_sections() of arm64 (arch/arm64/kernel/module-plts.c): room for PLT entries and ftrace trampolines.
import { missingSection } from '../preparedSections';
import { littleEndianWords } from '../../../formats/bytes/words';
import { SHF_ALLOC, SHF_EXECINSTR, SHT_NOBITS, SHT_RELA, SHT_SYMTAB } from '../../../formats/elf/constants';
import { isInitSection } from '../../kernel/module/layoutSections';
import { sectionName } from '../../kernel/module/loadInfo';
import type { Errno, Load, LoadedSection } from '../../kernel/module/types';
import { countsBranches, hasPlts, trampolineEntries, trampolineSections, worksAround843419 } from './generation';
import { PLT_ENTRY } from './insn';
import type { Arm64Module, PltSection } from './plt';
import {
  R_AARCH64_ADR_PREL_PG_HI21,
  R_AARCH64_ADR_PREL_PG_HI21_NC,
  R_AARCH64_CALL26,
  R_AARCH64_JUMP26,
} from './relocations';

/** sizeof(Elf64_Rela), sizeof(Elf64_Sym), offsetof(Elf64_Sym, st_shndx) */
const RELA = 24;
const SYM = 24;
const SHNDX = 6;
/** L1_CACHE_BYTES (asm/cache.h) */
const CACHE_LINE = 64;

export function frobArchSections(load: Load): Errno {
  if (!hasPlts(load)) return 0;
  const { info } = load;
  const trampolineNames = trampolineSections(load);
  let plt: LoadedSection | undefined;
  let initPlt: LoadedSection | undefined;
  let symtab: LoadedSection | undefined;
  const trampolines = new Map<string, LoadedSection>();
  for (const section of info.sechdrs) {
    const name = sectionName(info, section);
    if (name === '.plt') plt = section;
    else if (name === '.init.plt') initPlt = section;
    else if (trampolineNames.includes(name)) trampolines.set(name, section);
    else if (section.sh_type === SHT_SYMTAB) symtab = section;
  }
  if (!plt?.index || !initPlt?.index) return missingSection(load, `${load.mod.name}: module PLT section(s) missing`);
  if (!symtab) return missingSection(load, `${load.mod.name}: module symtab section missing`);
  const count = { core: 0, init: 0 };
  for (const section of info.sechdrs) {
    const target = info.sechdrs[section.sh_info];
    if (section.sh_type !== SHT_RELA || !target || !(target.sh_flags & SHF_EXECINSTR)) continue;
    let plts = new BranchTable(load, symtab, section).count();
    if (worksAround843419(load)) plts = withVeneers(load, section, target, plts);
    count[isInitSection(load, sectionName(info, target)) ? 'init' : 'core'] += plts;
  }
  const plts: Arm64Module = { kind: 'arm64', core: room(plt, count.core), init: room(initPlt, count.init) };
  load.archSpecific = plts;
  for (const section of trampolines.values())
    section.become(SHT_NOBITS, SHF_EXECINSTR | SHF_ALLOC, 4, trampolineEntries(load) * PLT_ENTRY);
  return 0;
}

/**
 * count_plts() on a processor with erratum 843419: ADRPs that no alignment of their section keeps off the end of a page may want a
 * veneer, and some entries are passed over because they would lie there themselves. The section is aligned for the others.
 */
function withVeneers({ info }: Load, section: LoadedSection, target: LoadedSection, plts: number): number {
  const { bytes } = info;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Math.min(section.sh_offset + section.sh_size, bytes.length) - RELA;
  let count = plts;
  for (let at = section.sh_offset; at <= end; at += RELA) {
    const type = view.getUint32(at + 8, true);
    if (type !== R_AARCH64_ADR_PREL_PG_HI21 && type !== R_AARCH64_ADR_PREL_PG_HI21_NC) continue;
    // The lowest bit of the offset that is zero, from bit 3 on, stays so where the section is aligned to twice its value.
    const ones = view.getUint32(at, true) | 7;
    const zero = (~ones & (ones + 1)) >>> 0;
    const alignment = zero === 0 ? Infinity : 2 * zero;
    if (alignment > 4096) count++;
    else target.sh_addralign = Math.max(target.sh_addralign, alignment);
  }
  return count + Math.ceil(count / Math.floor(4096 / PLT_ENTRY));
}

/** One entry more than was counted. */
function room(section: LoadedSection, max: number): PltSection {
  section.become(SHT_NOBITS, SHF_EXECINSTR | SHF_ALLOC, CACHE_LINE, (max + 1) * PLT_ENTRY);
  return { section, max, used: 0, last: null };
}

/** A relocation section of code, and which of its branches may want a PLT entry. */
class BranchTable {
  /** Elf64_Rela in words: r_offset, type, symbol, r_addend. */
  private readonly words: Int32Array;
  private readonly entries: number;
  private readonly symbols: DataView;
  /** Sorting by counting wants a number for each symbol. */
  private readonly symbolCount: number;

  constructor(
    private readonly load: Load,
    private readonly symtab: LoadedSection,
    private readonly section: LoadedSection,
  ) {
    const { bytes } = load.info;
    this.symbols = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const inFile = Math.max(0, Math.min(section.sh_size, bytes.length - section.sh_offset));
    this.entries = Math.floor(inFile / RELA);
    this.words = littleEndianWords(bytes, section.sh_offset, this.entries * RELA);
    this.symbolCount = Math.floor(Math.max(0, Math.min(symtab.sh_size, bytes.length - symtab.sh_offset)) / SYM);
  }

  /**
   * partition_branch_plt_relas(), sort() and count_plts(): branches to other sections come first, sorted, so that equal
   * ones are neighbors and need one entry only. Leaves the order in the section.
   */
  count(): number {
    if (!countsBranches(this.load) || this.entries === 0) return 0;
    const order = new Uint32Array(this.entries);
    for (let i = 0; i < order.length; i++) order[i] = i;
    const front = this.partition(order);
    if (front > 0) {
      this.sort(order.subarray(0, front));
      this.section.order = order;
    }
    let plts = 0;
    let before = -1;
    // The entry behind the front may be a branch that was left where it was.
    for (let i = 0; i <= front && i < order.length; i++) {
      const entry = order[i] ?? 0;
      if (this.needsPlt(entry) && (!this.isPlain(entry) || before < 0 || this.compare(entry, before) !== 0)) plts++;
      before = entry;
    }
    return plts;
  }

  /** How many entries were brought to the front. */
  private partition(order: Uint32Array): number {
    let front = 0;
    let back = order.length - 1;
    while (front < back) {
      const first = order[front] ?? 0;
      const last = order[back] ?? 0;
      if (this.needsPlt(first)) front++;
      else if (this.needsPlt(last)) {
        order[front] = last;
        order[back] = first;
      } else back--;
    }
    return front;
  }

  /** By type, symbol and addend. Almost all addends are 0 and symbols are few: they are counted out then. */
  private sort(branches: Uint32Array): void {
    const { words, symbolCount } = this;
    for (let i = 0; i < branches.length; i++) {
      const entry = branches[i] ?? 0;
      if (this.isPlain(entry) && (words[6 * entry + 3] ?? 0) >>> 0 < symbolCount) continue;
      branches.sort((a, b) => this.compare(a, b));
      return;
    }
    const starts = new Uint32Array(2 * symbolCount + 1);
    const unsorted = branches.slice();
    const keys = unsorted.map(
      entry => (words[6 * entry + 2] === R_AARCH64_CALL26 ? symbolCount : 0) + (words[6 * entry + 3] ?? 0),
    );
    for (const key of keys) starts[key + 1] = (starts[key + 1] ?? 0) + 1;
    for (let i = 1; i < starts.length; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] ?? 0;
      const place = starts[key] ?? 0;
      branches[place] = unsorted[i] ?? 0;
      starts[key] = place + 1;
    }
  }

  /** branch_rela_needs_plt(): a branch within its own section always reaches. */
  private needsPlt(entry: number): boolean {
    const type = this.words[6 * entry + 2];
    if (type !== R_AARCH64_JUMP26 && type !== R_AARCH64_CALL26) return false;
    const at = this.symtab.sh_offset + ((this.words[6 * entry + 3] ?? 0) >>> 0) * SYM + SHNDX;
    return at + 2 > this.symbols.byteLength || this.symbols.getUint16(at, true) !== this.section.sh_info;
  }

  /** Without an addend. */
  private isPlain(entry: number): boolean {
    return this.words[6 * entry + 4] === 0 && this.words[6 * entry + 5] === 0;
  }

  /** cmp_rela(); addends compare as signed numbers. */
  private compare(a: number, b: number): number {
    const { words } = this;
    const unsigned = (entry: number, word: number): number => (words[6 * entry + word] ?? 0) >>> 0;
    return (
      unsigned(a, 2) - unsigned(b, 2) ||
      unsigned(a, 3) - unsigned(b, 3) ||
      (words[6 * a + 5] ?? 0) - (words[6 * b + 5] ?? 0) ||
      unsigned(a, 4) - unsigned(b, 4)
    );
  }
}
