// Relocation sections of a relocatable file, read entry by entry: REL and RELA, both classes.
import { ByteReader } from '../bytes/byteReader';
import { EM_MIPS, SHT_REL, SHT_RELA } from './constants';
import { readEhdr, structSizes, type SectionIndex } from './header';
import { contents, type SectionTable } from './sectionByName';

/** A place in a relocatable file: section and offset in one number, so that places compare and make keys. */
export type Place = number;

const OFFSETS = 0x1_0000_0000;

/** @param offset bytes from the start of the section, below 4 GiB */
export const placeOf = (section: SectionIndex, offset: number): Place => section * OFFSETS + offset;
export const sectionOf = (place: Place): SectionIndex => Math.floor(place / OFFSETS);
export const offsetOf = (place: Place): number => place % OFFSETS;

/**
 * Whether r_info is a symbol (four bytes), a special symbol and three types (a byte each, the first one last), whatever the byte
 * order: 64-bit MIPS (64-bit ELF Object File Specification, Elf64_Rel). Kernels look at the first type only.
 */
export const packsTypes = (machine: number, is64: boolean): boolean => is64 && machine === EM_MIPS;

/** The entries of one relocation section, or of none. */
export class Relocations {
  readonly count: number;
  private readonly r: ByteReader;
  private readonly size: number;
  private readonly mips64: boolean;
  private sorted: boolean | null = null;
  private last = 0;

  constructor(
    table: Uint8Array,
    private readonly is64: boolean,
    littleEndian: boolean,
    /** Whether entries hold their addend; without it stands in the field that is relocated. */
    readonly hasAddend: boolean,
    /** The file's e_machine. */
    machine: number,
  ) {
    this.mips64 = packsTypes(machine, is64);
    const sizes = structSizes(is64);
    this.size = hasAddend ? sizes.rela : sizes.rel;
    this.r = new ByteReader(table, littleEndian);
    this.count = Math.floor(table.length / this.size);
  }

  offset(index: number): number {
    return this.r.sizeWord(index * this.size, this.is64);
  }

  type(index: number): number {
    const info = index * this.size + (this.is64 ? 8 : 4);
    if (!this.is64) return this.r.u32(info) & 0xff;
    if (this.mips64) return this.r.u8(info + 7);
    return this.r.u32(this.r.littleEndian ? info : info + 4);
  }

  symbol(index: number): number {
    const info = index * this.size + (this.is64 ? 8 : 4);
    if (!this.is64) return this.r.u32(info) >>> 8;
    if (this.mips64) return this.r.u32(info);
    return this.r.u32(this.r.littleEndian ? info + 4 : info);
  }

  /** r_addend; exact within 53 bits, 0 where the entry has none. */
  addend(index: number): number {
    if (!this.hasAddend) return 0;
    const at = index * this.size + (this.is64 ? 16 : 8);
    if (!this.is64) return this.r.i32(at);
    const [low, high] = this.r.littleEndian ? [at, at + 4] : [at + 4, at];
    return this.r.i32(high) * OFFSETS + this.r.u32(low);
  }

  /** Index of the relocation of the field at `offset`, or -1. Linkers write them in order; reading goes mostly forwards. */
  find(offset: number): number {
    for (let next = this.last; next < this.last + 3 && next < this.count; next++)
      if (this.offset(next) === offset) return (this.last = next);
    if (!this.isSorted()) return this.search(offset);
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.offset(middle) < offset) low = middle + 1;
      else high = middle;
    }
    if (low >= this.count || this.offset(low) !== offset) return -1;
    return (this.last = low);
  }

  private search(offset: number): number {
    // Nobody writes such a table; a look through all of it each time would take too long to be worth the answer.
    const limit = Math.min(this.count, 1000);
    for (let i = 0; i < limit; i++) if (this.offset(i) === offset) return i;
    return -1;
  }

  private isSorted(): boolean {
    if (this.sorted === null) {
      this.sorted = true;
      for (let i = 1; i < this.count && this.sorted; i++) this.sorted = this.offset(i - 1) <= this.offset(i);
    }
    return this.sorted;
  }
}

/** Every relocation section of a file by the section it applies to (sh_info). */
export function relocationsByTarget(
  file: Uint8Array,
  { shdrs, format }: SectionTable,
): ReadonlyMap<SectionIndex, Relocations> {
  const tables = new Map<SectionIndex, Relocations>();
  const { e_machine } = readEhdr(file, format);
  let bytes = 0;
  for (const shdr of shdrs) {
    if (shdr.sh_type !== SHT_RELA && shdr.sh_type !== SHT_REL) continue;
    // Tables that share bytes could make a small file work for days.
    bytes += Math.min(shdr.sh_size, file.length);
    if (bytes > file.length) break;
    const hasAddend = shdr.sh_type === SHT_RELA;
    const table = contents(file, shdr);
    tables.set(shdr.sh_info, new Relocations(table, format.is64, format.littleEndian, hasAddend, e_machine));
  }
  return tables;
}
