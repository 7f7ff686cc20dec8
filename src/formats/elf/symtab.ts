// The symbol table of a relocatable file, read entry by entry: no object per symbol.
import { ByteReader } from '../bytes/byteReader';
import { nameString } from '../bytes/strings';
import { SHT_SYMTAB } from './constants';
import { structSizes } from './header';
import { contents, type SectionTable } from './sectionByName';

export type SymbolIndex = number;

/** Elf32_Sym or Elf64_Sym by index; an index outside of the table reads as the null symbol. */
export class SymbolTable {
  readonly count: number;
  private readonly r: ByteReader;
  private readonly size: number;
  /** By where they start. */
  private readonly known = new Map<number, string>();

  constructor(
    table: Uint8Array,
    /** NUL-terminated names. */
    readonly strings: Uint8Array,
    private readonly is64: boolean,
    littleEndian: boolean,
  ) {
    this.r = new ByteReader(table, littleEndian);
    this.size = structSizes(is64).sym;
    this.count = Math.floor(table.length / this.size);
  }

  name(index: SymbolIndex): string {
    return nameString(this.strings, this.nameStart(index));
  }

  /** As {@link SymbolTable.name}, read once for all symbols that share it, and kept: a name may take a kilobyte. */
  sharedName(index: SymbolIndex): string {
    const start = this.nameStart(index);
    let name = this.known.get(start);
    if (name === undefined) this.known.set(start, (name = nameString(this.strings, start)));
    return name;
  }

  /** Where the name starts in {@link SymbolTable.strings}. */
  nameStart(index: SymbolIndex): number {
    return this.r.u32(index * this.size);
  }

  /** Whether the name is not empty. */
  hasName(index: SymbolIndex): boolean {
    return (this.strings[this.nameStart(index)] ?? 0) !== 0;
  }

  /** In a relocatable file: bytes from the start of the symbol's section. */
  value(index: SymbolIndex): number {
    return this.r.sizeWord(index * this.size + (this.is64 ? 8 : 4), this.is64);
  }

  /** st_size in bytes; 0 when unknown. */
  bytes(index: SymbolIndex): number {
    return this.r.sizeWord(index * this.size + (this.is64 ? 16 : 8), this.is64);
  }

  section(index: SymbolIndex): number {
    return this.r.u16(index * this.size + (this.is64 ? 6 : 14));
  }

  /** STT_* */
  type(index: SymbolIndex): number {
    return this.info(index) & 0xf;
  }

  /** STB_* */
  bind(index: SymbolIndex): number {
    return this.info(index) >> 4;
  }

  private info(index: SymbolIndex): number {
    return this.r.u8(index * this.size + (this.is64 ? 4 : 12));
  }
}

/** The first symbol table of a file; an empty one when there is none. */
export function readSymbolTable(file: Uint8Array, sections: SectionTable): SymbolTable {
  const shdr = sections.shdrs.find(candidate => candidate.sh_type === SHT_SYMTAB);
  const strings = contents(file, shdr ? sections.shdrs[shdr.sh_link] : undefined);
  return new SymbolTable(contents(file, shdr), strings, sections.format.is64, sections.format.littleEndian);
}
