// A section header as the loader rewrites it.
import { ByteReader } from '../../../formats/bytes/byteReader';
import { structSizes, type Ehdr, type ElfFormat, type SectionIndex } from '../../../formats/elf/header';
import type { Region } from './regions';

/** Elf_Shdr with where the section ended up. Of `sh_flags` the low 32 bits are kept: no flag lives above them. */
export class LoadedSection {
  /** Once it was asked for: see sectionName(). */
  name: string | null = null;
  /** Where layout_sections() put it; null when the section is in no region. */
  place: { readonly region: Region; readonly offset: number } | null = null;
  /** Of a relocation section that an architecture sorted: entries of the file in the order they are applied. */
  order: Uint32Array | null = null;
  private base = 0n;
  private fromBase = 0;

  constructor(
    readonly index: SectionIndex,
    readonly sh_name: number,
    public sh_type: number,
    public sh_flags: number,
    /** Offsets and sizes are bytes. */
    readonly sh_offset: number,
    public sh_size: number,
    readonly sh_link: number,
    readonly sh_info: number,
    public sh_addralign: number,
  ) {}

  /** What section preparation makes of a section it finds by name. */
  become(sh_type: number, sh_flags: number, sh_addralign: number, sh_size: number): void {
    this.sh_type = sh_type;
    this.sh_flags = sh_flags;
    this.sh_addralign = sh_addralign;
    this.sh_size = sh_size;
  }

  get sh_addr(): bigint {
    return this.fromBase === 0 ? this.base : this.base + BigInt(this.fromBase);
  }

  /** Sets `sh_addr` to `base + offset`; thousands of sections share few bases, and few are asked for the sum. */
  moveTo(base: bigint, offset: number): void {
    this.base = base;
    this.fromBase = offset;
  }

  /** `sh_addr` as two numbers, valid until `halves` is used again. */
  addressHalves(halves: AddressHalves): AddressHalves {
    return halves.of(this.base, this.fromBase);
  }

  /** Writes the halves of `sh_addr` to the two words of the section's index, the low one first. */
  writeAddress(words: Uint32Array, halves: AddressHalves): void {
    const { low, high } = this.addressHalves(halves);
    words[2 * this.index] = low;
    words[2 * this.index + 1] = high;
  }
}

const TWO_32 = 0x1_0000_0000;

/** The halves of addresses: neighbours mostly share their base, which is divided once. */
export class AddressHalves {
  private base: bigint | null = null;
  private baseLow = 0;
  private baseHigh = 0;
  low = 0;
  high = 0;

  /** @param offset bytes from the base */
  of(base: bigint, offset: number): this {
    if (this.base !== base) {
      this.base = base;
      this.baseLow = Number(BigInt.asUintN(32, base));
      this.baseHigh = Number(BigInt.asUintN(32, base >> 32n));
    }
    const sum = this.baseLow + (offset >>> 0);
    const carried = offset < TWO_32 ? 0 : Math.floor(offset / TWO_32);
    this.low = sum >>> 0;
    this.high = (this.baseHigh + carried + (sum >= TWO_32 ? 1 : 0)) >>> 0;
    return this;
  }
}

/** Reads the `e_shnum` section headers at `e_shoff`; headers outside the file are zero. */
export function readSectionHeaders(bytes: Uint8Array, format: ElfFormat, ehdr: Ehdr): LoadedSection[] {
  const { is64, littleEndian } = format;
  const { shdr } = structSizes(is64);
  const r = new ByteReader(bytes, littleEndian);
  const sections: LoadedSection[] = [];
  for (let index = 0, at = ehdr.e_shoff; index < ehdr.e_shnum; index++, at += shdr) {
    const section = is64 ? readShdr64(r, index, at) : readShdr32(r, index, at);
    const word = at + (is64 ? 16 : 12);
    // No module that kbuild made has an address here.
    if (r.u32(word) !== 0 || (is64 && r.u32(word + 4) !== 0)) section.moveTo(r.word(word, is64), 0);
    sections.push(section);
  }
  return sections;
}

function readShdr64(r: ByteReader, index: number, at: number): LoadedSection {
  return new LoadedSection(
    index,
    r.u32(at),
    r.u32(at + 4),
    r.u32(r.littleEndian ? at + 8 : at + 12),
    r.size64(at + 24),
    r.size64(at + 32),
    r.u32(at + 40),
    r.u32(at + 44),
    r.size64(at + 48),
  );
}

function readShdr32(r: ByteReader, index: number, at: number): LoadedSection {
  return new LoadedSection(
    index,
    r.u32(at),
    r.u32(at + 4),
    r.u32(at + 8),
    r.u32(at + 16),
    r.u32(at + 20),
    r.u32(at + 24),
    r.u32(at + 28),
    r.u32(at + 32),
  );
}
