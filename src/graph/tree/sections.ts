// The section headers of a module as columns, for files that are as kbuild makes them. Arrays are used again for the
// next file: nothing is allocated for a section.
import { FNV_OFFSET, FNV_PRIME } from '../../formats/bytes/hash';
import {
  EM_X86_64,
  ET_REL,
  SHF_ALLOC,
  SHF_EXECINSTR,
  SHF_RELA_LIVEPATCH,
  SHF_RO_AFTER_INIT,
  SHF_WRITE,
  SHT_NOBITS,
  SHT_NULL,
  SHT_REL,
  SHT_STRTAB,
  SHT_SYMTAB,
} from '../../formats/elf/constants';
import { hasElfMagic, structSizes } from '../../formats/elf/header';
import { KINDS, kindOf, kindOfName, type KnownSection } from './sectionKinds';

/** More than any module of a distribution has. */
export const MOST_SECTIONS = 8192;
/** sizeof(Elf64_Sym) and sizeof(Elf64_Rela) in bytes. */
export const { sym: SYM, rela: RELA } = structSizes(true);
const SHDR = 64;
const EHDR = 64;
const PAGE = 4096;
/** Far below what there is room for. */
const MOST_MEMORY = 1 << 29;
const WRITABLE_CODE = SHF_WRITE | SHF_EXECINSTR;
const ODD_FLAGS = SHF_RELA_LIVEPATCH | SHF_RO_AFTER_INIT;

/** Looked for by name whether they are loaded or not. */
const ANY_FLAGS: ReadonlySet<number> = new Set([kindOf('.BTF'), kindOf('.BTF.base')]);

export class Sections {
  file: Uint8Array = new Uint8Array();
  view: DataView = new DataView(this.file.buffer);
  count = 0;
  readonly type = new Int32Array(MOST_SECTIONS);
  readonly flags = new Int32Array(MOST_SECTIONS);
  /** Bytes from the start of the file, and bytes. */
  readonly offset = new Int32Array(MOST_SECTIONS);
  readonly size = new Int32Array(MOST_SECTIONS);
  readonly link = new Int32Array(MOST_SECTIONS);
  readonly info = new Int32Array(MOST_SECTIONS);
  symtab = 0;
  strtab = 0;
  private readonly index = new Int32Array(KINDS);
  /** Hashes of the names of loaded sections, to find one that comes twice. */
  private readonly names = new Int32Array(4 * MOST_SECTIONS);

  /** Index of a section that is there once, as {@link read} made sure; 0 when there is none. */
  find(name: KnownSection): number {
    return this.index[kindOf(name)] ?? 0;
  }

  sizeOf(name: KnownSection): number {
    return this.size[this.find(name)] ?? 0;
  }

  bytesOf(name: KnownSection): Uint8Array {
    const at = this.find(name);
    const start = this.offset[at] ?? 0;
    return at === 0 ? new Uint8Array() : this.file.subarray(start, start + (this.size[at] ?? 0));
  }

  /**
   * Reads the headers of an x86_64 module. False for anything that elf_validity_check(), layout_sections() or sysfs
   * could object to, of whatever kernel; then nothing else here means anything.
   */
  read(file: Uint8Array): boolean {
    this.file = file;
    this.view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    this.count = 0;
    if (file.length < EHDR || file.length > 0x7fff_ffff || !hasElfMagic(file)) return false;
    const { view } = this;
    // Class, byte order, type, machine and the size of a section header.
    if (view.getUint16(4, true) !== 0x0102 || view.getUint16(16, true) !== ET_REL) return false;
    if (view.getUint16(18, true) !== EM_X86_64 || view.getUint16(58, true) !== SHDR) return false;
    const e_shoff = view.getUint32(40, true);
    const count = view.getUint16(60, true);
    const e_shstrndx = view.getUint16(62, true);
    if (view.getUint32(44, true) !== 0 || e_shoff + count * SHDR > file.length) return false;
    if (count > MOST_SECTIONS || e_shstrndx === 0 || e_shstrndx >= count) return false;
    this.count = count;
    return this.readHeaders(e_shoff, e_shstrndx) && this.readSymtabLink();
  }

  private readHeaders(e_shoff: number, e_shstrndx: number): boolean {
    const { view, file } = this;
    const names = e_shoff + e_shstrndx * SHDR;
    const namesStart = view.getUint32(names + 24, true);
    const namesSize = view.getUint32(names + 32, true);
    if (view.getUint32(names + 4, true) !== SHT_STRTAB || namesSize === 0) return false;
    if (namesStart + namesSize > file.length || file[namesStart + namesSize - 1] !== 0) return false;
    this.index.fill(0);
    this.symtab = 0;
    let memory = 0;
    let slots = 64;
    while (slots < 2 * this.count) slots *= 2;
    this.names.fill(0, 0, slots);
    for (let i = 0; i < this.count; i++) {
      const at = e_shoff + i * SHDR;
      const sh_name = view.getUint32(at, true);
      const sh_type = view.getUint32(at + 4, true);
      const sh_flags = view.getUint32(at + 8, true);
      const sh_offset = view.getUint32(at + 24, true);
      const sh_size = view.getUint32(at + 32, true);
      const align = view.getUint32(at + 48, true);
      if (i === 0) {
        for (let field = 0; field < SHDR; field += 4) if (view.getUint32(at + field, true) !== 0) return false;
        this.set(0, SHT_NULL, 0, 0, 0, 0, 0);
        continue;
      }
      const high =
        view.getUint32(at + 12, true) |
        view.getUint32(at + 28, true) |
        view.getUint32(at + 36, true) |
        view.getUint32(at + 52, true);
      if (high !== 0 || sh_name >= namesSize || (align & (align - 1)) !== 0) return false;
      if ((sh_flags & WRITABLE_CODE) === WRITABLE_CODE || (sh_flags & ODD_FLAGS) !== 0) return false;
      if (sh_type === SHT_REL || sh_type === SHT_NULL) return false;
      if (sh_type !== SHT_NOBITS && sh_offset + sh_size > file.length) return false;
      const allocated = (sh_flags & SHF_ALLOC) !== 0;
      // The symbol table and its names get memory whatever their flags.
      const kept = allocated || sh_type === SHT_SYMTAB || sh_type === SHT_STRTAB;
      if (kept) memory += sh_size + align;
      if (memory > MOST_MEMORY || !this.readName(namesStart + sh_name, i, allocated, kept && sh_size > 0, slots))
        return false;
      if (align > PAGE && i === this.find('.data..percpu')) return false;
      if (sh_type === SHT_NOBITS && this.index.includes(i)) return false;
      if (sh_type === SHT_SYMTAB) {
        if (this.symtab !== 0 || allocated) return false;
        this.symtab = i;
      }
      this.set(i, sh_type, sh_flags, sh_offset, sh_size, view.getUint32(at + 40, true), view.getUint32(at + 44, true));
    }
    return true;
  }

  private set(i: number, type: number, flags: number, offset: number, size: number, link: number, info: number): void {
    this.type[i] = type;
    this.flags[i] = flags;
    this.offset[i] = offset;
    this.size[i] = size;
    this.link[i] = link;
    this.info[i] = info;
  }

  /** Notes a section that is looked for by name. False when it, or a name that sysfs would show, comes again. */
  private readName(start: number, section: number, allocated: boolean, shown: boolean, slots: number): boolean {
    const { view, index, names } = this;
    let hash = FNV_OFFSET;
    let end = start;
    for (let byte = view.getUint8(end); byte !== 0; byte = view.getUint8(++end))
      hash = Math.imul(hash ^ byte, FNV_PRIME);
    const kind = kindOfName(this.file, start, end - start, hash);
    if (kind !== 0) {
      if (index[kind] !== 0 || (!allocated && !ANY_FLAGS.has(kind))) return false;
      index[kind] = section;
    }
    if (!shown) return true;
    const mark = hash === 0 ? 1 : hash;
    let slot = mark & (slots - 1);
    while (names[slot] !== 0) {
      if (names[slot] === mark) return false;
      slot = (slot + 1) & (slots - 1);
    }
    names[slot] = mark;
    return true;
  }

  /** The symbol table and the names that belong to it. */
  private readSymtabLink(): boolean {
    const strtab = this.link[this.symtab] ?? 0;
    if (this.symtab === 0 || strtab === 0 || strtab >= this.count) return false;
    this.strtab = strtab;
    const start = this.offset[strtab] ?? 0;
    const size = this.size[strtab] ?? 0;
    if (this.type[strtab] !== SHT_STRTAB || (this.flags[strtab] ?? 0) & SHF_ALLOC || size === 0) return false;
    return this.file[start] === 0 && this.file[start + size - 1] === 0;
  }
}
