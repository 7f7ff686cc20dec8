// The debug sections of a relocatable file: unpacked when first asked for, relocated field by field as they are read.
import { ByteReader } from '../bytes/byteReader';
import { ELFCOMPRESS_ZLIB, ELFCOMPRESS_ZSTD, SHF_COMPRESSED } from '../elf/constants';
import type { SectionIndex } from '../elf/header';
import { offsetOf, placeOf, type Place, type Relocations } from '../elf/relocations';
import type { NamedSection, SectionTable } from '../elf/sectionByName';
import type { SymbolTable } from '../elf/symtab';
import { absoluteRelocations } from './machines';

/**
 * Unpacks a compressed section to exactly `size` bytes. Null when it cannot; it must not throw.
 * Handed in because core reads nothing and carries no decoder.
 */
export type Inflate = (format: 'zlib' | 'zstd', bytes: Uint8Array, size: number) => Uint8Array | null;

/** No debug section of a module comes near; a header that says more is damaged. In bytes. */
const MOST_BYTES = 2 ** 30;
/** Debug information gets a few times smaller, not a thousand times; small sections may. */
const MOST_TIMES = 32;
const ALWAYS_ALLOWED = 2 ** 25;

const isTooMuch = (size: number, packed: number): boolean =>
  size > Math.min(MOST_BYTES, Math.max(ALWAYS_ALLOWED, MOST_TIMES * packed));

/** One debug section. Offsets are bytes from its start. */
export class DebugSection {
  readonly r: ByteReader;

  constructor(
    bytes: Uint8Array,
    littleEndian: boolean,
    private readonly relocations: Relocations | null,
    private readonly symbols: SymbolTable,
    private readonly absolute: ReadonlyMap<number, number>,
    private readonly wordSize: 4 | 8,
  ) {
    this.r = new ByteReader(bytes, littleEndian);
  }

  get length(): number {
    return this.r.length;
  }

  /** A field that is an offset into another section, relocated. */
  offset(at: number, size: number): number {
    const raw = readUnsigned(this.r, at, size);
    const target = this.targetOfField(at, raw);
    return target < 0 ? raw : offsetOf(target);
  }

  /** A field that is an address, relocated: the section it lies in and the offset there; section 0 without relocation. */
  address(at: number, size: number): Place {
    const raw = readUnsigned(this.r, at, size);
    const target = this.targetOfField(at, raw);
    return target < 0 ? placeOf(0, raw % 0x1_0000_0000) : target;
  }

  /** Calls `use` for every field of the size of an address that is relocated to a place, in the order of the table. */
  eachAddress(use: (at: number, place: Place) => void): void {
    const { relocations } = this;
    if (!relocations) return;
    for (let i = 0; i < relocations.count; i++) {
      // Most are offsets into .debug_str; those are narrower on 64-bit machines.
      if (this.absolute.get(relocations.type(i)) !== this.wordSize) continue;
      const place = this.target(relocations, i, relocations.hasAddend ? 0 : this.r.u32(relocations.offset(i)));
      if (place >= 0) use(relocations.offset(i), place);
    }
  }

  private targetOfField(at: number, raw: number): Place {
    const index = this.relocations?.find(at) ?? -1;
    return this.relocations && index >= 0 ? this.target(this.relocations, index, raw) : -1;
  }

  /** S + A, or -1 for a relocation that is not of that kind. */
  private target(relocations: Relocations, index: number, raw: number): Place {
    if (!this.absolute.has(relocations.type(index))) return -1;
    const symbol = relocations.symbol(index);
    const value = this.symbols.value(symbol) + (relocations.hasAddend ? relocations.addend(index) : raw);
    // A damaged table must not make an offset that is no offset.
    return value >= 0 && value < 0x1_0000_0000 ? placeOf(this.symbols.section(symbol), value) : -1;
  }
}

/** Gives the debug sections of a file by name, without the leading `.debug_`. */
export interface DebugSections {
  get(name: string): DebugSection | null;
}

/** What is read of an object file once, for debug information among others. */
export interface ObjectTables {
  readonly machine: number;
  readonly sections: SectionTable;
  readonly symbols: SymbolTable;
  readonly relocations: ReadonlyMap<SectionIndex, Relocations>;
}

/** Reads nothing: contents are unpacked when a section is asked for. */
export function debugSections(
  { machine, sections: table, symbols, relocations }: ObjectTables,
  inflate: Inflate,
): DebugSections {
  const absolute = absoluteRelocations(machine);
  const known = new Map<string, DebugSection | null>();
  const open = (name: string): DebugSection | null => {
    const plain = table.find(`.debug_${name}`);
    const found = plain ?? table.find(`.zdebug_${name}`);
    const bytes = found && unpacked(found, plain === null, table.format, inflate);
    if (!found || !bytes) return null;
    return new DebugSection(
      bytes,
      table.format.littleEndian,
      relocations.get(found.index) ?? null,
      symbols,
      absolute,
      table.format.is64 ? 8 : 4,
    );
  };
  return {
    get(name) {
      let section = known.get(name);
      if (section === undefined) known.set(name, (section = open(name)));
      return section;
    },
  };
}

/** Contents of a section: plain, behind an Elf_Chdr, or in GNU's older form ("ZLIB" and a big-endian size). */
function unpacked(
  { shdr, bytes }: NamedSection,
  gnu: boolean,
  { is64, littleEndian }: { is64: boolean; littleEndian: boolean },
  inflate: Inflate,
): Uint8Array | null {
  if (gnu) {
    const size = new ByteReader(bytes, false).size64(4);
    return isTooMuch(size, bytes.length) ? null : inflate('zlib', bytes.subarray(12), size);
  }
  if (!(shdr.sh_flags & SHF_COMPRESSED)) return bytes;
  const r = new ByteReader(bytes, littleEndian);
  const type = r.u32(0);
  const size = r.sizeWord(is64 ? 8 : 4, is64);
  if (isTooMuch(size, bytes.length) || (type !== ELFCOMPRESS_ZLIB && type !== ELFCOMPRESS_ZSTD)) return null;
  return inflate(type === ELFCOMPRESS_ZLIB ? 'zlib' : 'zstd', bytes.subarray(is64 ? 24 : 12), size);
}

/** An unsigned number of 1, 2, 3, 4 or 8 bytes; exact within 53 bits. */
export function readUnsigned(r: ByteReader, at: number, size: number): number {
  if (size === 4) return r.u32(at);
  if (size === 8) return r.size64(at);
  if (size === 2) return r.u16(at);
  if (size === 1) return r.u8(at);
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + r.u8(r.littleEndian ? at + size - 1 - i : at + i);
  return value;
}
