// Finds the places in a built module that recipes patch. Offsets are always bytes from the start of the file.
import { readEhdr, readShdrs, type Shdr } from '../../../src/formats/elf/header';
import type { FixtureModule, Patch } from './recipe';
import { toHex } from './recipe';

const FORMAT = { is64: true, littleEndian: true } as const;
const SHDR_SIZE = 64;
const SYM_SIZE = 24;
const RELA_SIZE = 24;
const VERSION_SIZE = 64;

/** Offset and width in bytes of the fields of Elf64_Ehdr, Elf64_Shdr, Elf64_Sym and Elf64_Rela. */
export const EHDR_FIELDS = {
  e_ident: [0, 4],
  ei_class: [4, 1],
  ei_data: [5, 1],
  ei_version: [6, 1],
  ei_osabi: [7, 1],
  e_type: [16, 2],
  e_machine: [18, 2],
  e_version: [20, 4],
  e_entry: [24, 8],
  e_phoff: [32, 8],
  e_shoff: [40, 8],
  e_flags: [48, 4],
  e_ehsize: [52, 2],
  e_phentsize: [54, 2],
  e_phnum: [56, 2],
  e_shentsize: [58, 2],
  e_shnum: [60, 2],
  e_shstrndx: [62, 2],
} as const;
export const SHDR_FIELDS = {
  sh_name: [0, 4],
  sh_type: [4, 4],
  sh_flags: [8, 8],
  sh_addr: [16, 8],
  sh_offset: [24, 8],
  sh_size: [32, 8],
  sh_link: [40, 4],
  sh_info: [44, 4],
  sh_addralign: [48, 8],
  sh_entsize: [56, 8],
} as const;
export const SYM_FIELDS = {
  st_name: [0, 4],
  st_info: [4, 1],
  st_other: [5, 1],
  st_shndx: [6, 2],
  st_value: [8, 8],
  st_size: [16, 8],
} as const;
export const RELA_FIELDS = { r_offset: [0, 8], r_type: [8, 4], r_sym: [12, 4], r_addend: [16, 8] } as const;

export type EhdrField = keyof typeof EHDR_FIELDS;
export type ShdrField = keyof typeof SHDR_FIELDS;
export type SymField = keyof typeof SYM_FIELDS;
export type RelaField = keyof typeof RELA_FIELDS;

export interface KoSection extends Shdr {
  readonly name: string;
  readonly index: number;
}

export interface KoSymbol {
  readonly name: string;
  readonly index: number;
  readonly st_info: number;
  readonly st_shndx: number;
  readonly st_value: bigint;
  readonly st_size: number;
}

/** One string of .modinfo; `at` is where its first byte stands. */
export interface KoModinfo {
  readonly at: number;
  readonly tag: string;
  readonly value: string;
}

/** Writes `value` in `width` bytes, little-endian; negative values in two's complement. */
export function number(at: number, width: number, value: number | bigint): Patch {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
  return [at, toHex(bytes.subarray(0, width))];
}

/** Writes text as it is; a NUL is part of it only when written. */
export function text(at: number, value: string): Patch {
  return [at, toHex(Buffer.from(value, 'latin1'))];
}

/** A fixture as built, with the places worth patching. */
export class KoFile {
  readonly sections: readonly KoSection[];
  private readonly shoff: number;
  private readonly view: Buffer;

  constructor(
    readonly fixture: string,
    readonly bytes: Uint8Array,
  ) {
    this.view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const ehdr = readEhdr(bytes, FORMAT);
    this.shoff = ehdr.e_shoff;
    const shdrs = readShdrs(bytes, FORMAT, ehdr);
    const names = shdrs[ehdr.e_shstrndx]?.sh_offset ?? 0;
    this.sections = shdrs.map((shdr, index) => ({ ...shdr, index, name: this.stringAt(names + shdr.sh_name) }));
  }

  stringAt(at: number): string {
    return this.view.toString('latin1', at, this.view.indexOf(0, at));
  }

  hasSection(name: string): boolean {
    return this.sections.some(s => s.name === name);
  }

  section(name: string): KoSection {
    const found = this.sections.find(s => s.name === name);
    if (!found) throw new Error(`${this.fixture} has no section ${name}`);
    return found;
  }

  /** The little-endian number in `width` bytes at a file offset. */
  numberAt(at: number, width: number): bigint {
    return width === 8 ? this.view.readBigUInt64LE(at) : BigInt(this.view.readUIntLE(at, width));
  }

  get symbols(): KoSymbol[] {
    const symtab = this.section('.symtab');
    const names = this.section('.strtab').sh_offset;
    return Array.from({ length: symtab.sh_size / SYM_SIZE }, (_, index) => {
      const at = symtab.sh_offset + index * SYM_SIZE;
      return {
        index,
        name: this.stringAt(names + this.view.readUInt32LE(at)),
        st_info: this.view.readUInt8(at + 4),
        st_shndx: this.view.readUInt16LE(at + 6),
        st_value: this.view.readBigUInt64LE(at + 8),
        st_size: Number(this.view.readBigUInt64LE(at + 16)),
      };
    });
  }

  symbol(name: string): KoSymbol {
    const found = this.symbols.find(s => s.name === name);
    if (!found) throw new Error(`${this.fixture} has no symbol ${name}`);
    return found;
  }

  /** Where the name of a symbol stands in the string table. */
  symbolNameAt(symbol: KoSymbol): number {
    const at = this.section('.symtab').sh_offset + symbol.index * SYM_SIZE;
    return this.section('.strtab').sh_offset + this.view.readUInt32LE(at);
  }

  get modinfo(): KoModinfo[] {
    const { sh_offset, sh_size } = this.section('.modinfo');
    const entries: KoModinfo[] = [];
    for (let at = sh_offset; at < sh_offset + sh_size;) {
      const entry = this.stringAt(at);
      const equals = entry.indexOf('=');
      if (equals > 0) entries.push({ at, tag: entry.slice(0, equals), value: entry.slice(equals + 1) });
      at += entry.length + 1;
    }
    return entries;
  }

  /** The first entry of .modinfo with that tag. */
  tag(tag: string): KoModinfo {
    const found = this.modinfo.find(m => m.tag === tag);
    if (!found) throw new Error(`${this.fixture} has no modinfo ${tag}`);
    return found;
  }

  /** Names in __versions, each with the offset of its entry. */
  get versions(): { name: string; at: number }[] {
    const section = this.sections.find(s => s.name === '__versions');
    const count = (section?.sh_size ?? 0) / VERSION_SIZE;
    return Array.from({ length: count }, (_, i) => {
      const at = (section?.sh_offset ?? 0) + i * VERSION_SIZE;
      return { name: this.stringAt(at + 8), at };
    });
  }

  /** The number of entries of a relocation section. */
  relaCount(section: string): number {
    return this.section(section).sh_size / RELA_SIZE;
  }

  /** Symbol, type and place of one relocation. */
  rela(section: string, entry: number): { r_offset: number; r_type: number; r_sym: number } {
    const at = this.section(section).sh_offset + entry * RELA_SIZE;
    const r_offset = Number(this.view.readBigUInt64LE(at));
    return { r_offset, r_type: this.view.readUInt32LE(at + 8), r_sym: this.view.readUInt32LE(at + 12) };
  }

  /** Where a section header stands. */
  shdrAt(index: number): number {
    return this.shoff + index * SHDR_SIZE;
  }

  setEhdr(field: EhdrField, value: number | bigint): Patch {
    const [at, width] = EHDR_FIELDS[field];
    return number(at, width, value);
  }

  setShdr(index: number, field: ShdrField, value: number | bigint): Patch {
    const [at, width] = SHDR_FIELDS[field];
    return number(this.shdrAt(index) + at, width, value);
  }

  setSymbol(index: number, field: SymField, value: number | bigint): Patch {
    const [at, width] = SYM_FIELDS[field];
    return number(this.section('.symtab').sh_offset + index * SYM_SIZE + at, width, value);
  }

  setRela(section: string, entry: number, field: RelaField, value: number | bigint): Patch {
    const [at, width] = RELA_FIELDS[field];
    return number(this.section(section).sh_offset + entry * RELA_SIZE + at, width, value);
  }

  /** Overwrites the start of a .modinfo entry; what is longer than the entry is the caller's mistake. */
  setModinfo(tag: string, entry: string): Patch {
    const found = this.tag(tag);
    const room = found.tag.length + 1 + found.value.length;
    if (entry.length > room) throw new Error(`${entry} is longer than ${tag} of ${this.fixture}`);
    return text(found.at, entry.padEnd(room, '\0'));
  }

  /** Changes the first letter of a tag, so that the kernel no longer finds it. */
  dropTag(tag: string): Patch {
    return text(this.tag(tag).at, '_');
  }

  /** Makes a section known by its name without the first letter. */
  renameSection(name: string): Patch {
    const { index, sh_name } = this.section(name);
    return this.setShdr(index, 'sh_name', sh_name + 1);
  }

  module(patches: readonly Patch[] = [], more: Pick<FixtureModule, 'truncate' | 'append'> = {}): FixtureModule {
    return { fixture: this.fixture, ...(patches.length > 0 ? { patches } : {}), ...more };
  }
}
