// module_frob_arch_sections() of arm64 (arch/arm64/kernel/module-plts.c): room for PLT entries and ftrace trampolines.
import { archSections } from '../../../findings/archSections';
import { err } from '../../../findings/types';
import { SHF_ALLOC, SHF_EXECINSTR, SHT_NOBITS, SHT_RELA, SHT_SYMTAB } from '../../../formats/elf/constants';
import { ENOEXEC } from '../../errno';
import { isInitSection } from '../../kernel/module/layoutSections';
import { sectionName } from '../../kernel/module/loadInfo';
import type { Errno, Load, LoadedSection } from '../../kernel/module/types';
import { countsBranches, hasPlts, trampolineEntries, trampolineSections } from './generation';
import { PLT_ENTRY } from './insn';
import type { Arm64Module, PltSection } from './plt';
import { R_AARCH64_CALL26, R_AARCH64_JUMP26 } from './relocations';

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
  if (!plt?.index || !initPlt?.index) return missing(load, 'module PLT section(s) missing');
  if (!symtab) return missing(load, 'module symtab section missing');
  const count = { core: 0, init: 0 };
  for (const section of info.sechdrs) {
    const target = info.sechdrs[section.sh_info];
    if (section.sh_type !== SHT_RELA || !target || !(target.sh_flags & SHF_EXECINSTR)) continue;
    const plts = new BranchTable(load, symtab, section).count();
    count[isInitSection(load, sectionName(info, target)) ? 'init' : 'core'] += plts;
  }
  const plts: Arm64Module = { kind: 'arm64', core: room(plt, count.core), init: room(initPlt, count.init) };
  load.archSpecific = plts;
  for (const section of trampolines.values())
    section.become(SHT_NOBITS, SHF_EXECINSTR | SHF_ALLOC, 4, trampolineEntries(load) * PLT_ENTRY);
  return 0;
}

/** One entry more than was counted. */
function room(section: LoadedSection, max: number): PltSection {
  section.become(SHT_NOBITS, SHF_EXECINSTR | SHF_ALLOC, CACHE_LINE, (max + 1) * PLT_ENTRY);
  return { section, max, used: 0, last: null };
}

function missing(load: Load, text: string): Errno {
  const lines = [err(`${load.mod.name}: ${text}`)];
  load.report(archSections, { module: load.mod.name, arch: load.arch.name, lines, section: null });
  return ENOEXEC;
}

/** A relocation section of code, and which of its branches may want a PLT entry. */
class BranchTable {
  private readonly view: DataView;
  private readonly entries: number;

  constructor(
    private readonly load: Load,
    private readonly symtab: LoadedSection,
    private readonly section: LoadedSection,
  ) {
    const { bytes } = load.info;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const inFile = Math.max(0, Math.min(section.sh_size, bytes.length - section.sh_offset));
    this.entries = Math.floor(inFile / RELA);
  }

  /**
   * partition_branch_plt_relas(), sort() and count_plts(): branches to other sections come first, sorted, so that equal
   * ones are neighbors and need one entry only. Leaves the order in the section.
   */
  count(): number {
    if (!countsBranches(this.load)) return 0;
    this.sortBranches();
    const { order } = this.section;
    let plts = 0;
    let before = -1;
    for (let i = 0; i < this.entries; i++) {
      const entry = order ? (order[i] ?? 0) : i;
      if (this.needsPlt(entry) && (this.addend(entry) !== 0n || before < 0 || this.compare(entry, before) !== 0))
        plts++;
      before = entry;
    }
    return plts;
  }

  private sortBranches(): void {
    let front = 0;
    let back = this.entries - 1;
    const order = Uint32Array.from({ length: this.entries }, (_, i) => i);
    const at = (i: number): number => order[i] ?? 0;
    while (front < back) {
      if (this.needsPlt(at(front))) front++;
      else if (this.needsPlt(at(back))) [order[front], order[back]] = [at(back), at(front)];
      else back--;
    }
    if (front === 0) return;
    this.sort(order.subarray(0, front));
    this.section.order = order;
  }

  /** By type, symbol and addend. Almost all addends are 0 and symbols are few: they are counted out then. */
  private sort(branches: Uint32Array): void {
    const symbols = Math.floor(this.symtab.sh_size / SYM);
    const simple = branches.every(entry => this.symbol(entry) < symbols && this.addend(entry) === 0n);
    if (!simple) {
      branches.sort((a, b) => this.compare(a, b));
      return;
    }
    const starts = new Uint32Array(2 * symbols + 1);
    const key = (entry: number): number => (this.type(entry) === R_AARCH64_CALL26 ? symbols : 0) + this.symbol(entry);
    for (const entry of branches) starts[key(entry) + 1] = (starts[key(entry) + 1] ?? 0) + 1;
    for (let i = 1; i < starts.length; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
    for (const entry of branches.slice()) {
      const place = starts[key(entry)] ?? 0;
      branches[place] = entry;
      starts[key(entry)] = place + 1;
    }
  }

  /** branch_rela_needs_plt(): a branch within its own section always reaches. */
  private needsPlt(entry: number): boolean {
    const type = this.type(entry);
    if (type !== R_AARCH64_JUMP26 && type !== R_AARCH64_CALL26) return false;
    const at = this.symtab.sh_offset + this.symbol(entry) * SYM + SHNDX;
    return at + 2 > this.view.byteLength || this.view.getUint16(at, true) !== this.section.sh_info;
  }

  /** cmp_rela(); addends compare as signed numbers. */
  private compare(a: number, b: number): number {
    const byNumber = this.type(a) - this.type(b) || this.symbol(a) - this.symbol(b);
    if (byNumber !== 0) return byNumber;
    const [x, y] = [this.addend(a), this.addend(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  }

  private type(entry: number): number {
    return this.view.getUint32(this.section.sh_offset + entry * RELA + 8, true);
  }

  private symbol(entry: number): number {
    return this.view.getUint32(this.section.sh_offset + entry * RELA + 12, true);
  }

  private addend(entry: number): bigint {
    const at = this.section.sh_offset + entry * RELA + 16;
    // Nothing is allocated for the usual one.
    if (this.view.getUint32(at, true) === 0 && this.view.getUint32(at + 4, true) === 0) return 0n;
    return this.view.getBigInt64(at, true);
  }
}
