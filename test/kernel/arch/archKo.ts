// A built fixture of any class and byte order, with the places that recipes patch. Offsets are bytes from the start of the file.
import { readEhdr, readShdrs, structSizes, type ElfFormat, type Shdr } from '../../../src/formats/elf/header';
import { packsTypes, Relocations } from '../../../src/formats/elf/relocations';
import { SHT_REL, SHT_RELA } from '../../../src/formats/elf/constants';
import { toHex, type FixtureModule, type Patch } from '../lib/recipe';

export interface ArchSection extends Shdr {
  readonly name: string;
  readonly index: number;
}

/** Fields by class: offset and width in bytes. */
const FIELDS = {
  ehdr: {
    e_type: [
      [16, 2],
      [16, 2],
    ],
    e_machine: [
      [18, 2],
      [18, 2],
    ],
    e_flags: [
      [48, 4],
      [36, 4],
    ],
  },
  shdr: {
    sh_name: [
      [0, 4],
      [0, 4],
    ],
    sh_type: [
      [4, 4],
      [4, 4],
    ],
    sh_flags: [
      [8, 8],
      [8, 4],
    ],
    sh_size: [
      [32, 8],
      [20, 4],
    ],
    sh_info: [
      [44, 4],
      [28, 4],
    ],
    sh_addralign: [
      [48, 8],
      [32, 4],
    ],
  },
  sym: {
    st_info: [
      [4, 1],
      [12, 1],
    ],
    st_shndx: [
      [6, 2],
      [14, 2],
    ],
    st_value: [
      [8, 8],
      [4, 4],
    ],
  },
} as const;

type Kind = keyof typeof FIELDS;

export class ArchKo {
  readonly sections: readonly ArchSection[];
  readonly format: ElfFormat;
  private readonly machine: number;
  private readonly view: Buffer;
  readonly shoff: number;

  constructor(
    readonly fixture: string,
    readonly bytes: Uint8Array,
  ) {
    this.view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.format = { is64: bytes[4] === 2, littleEndian: bytes[5] === 1 };
    const ehdr = readEhdr(bytes, this.format);
    this.shoff = ehdr.e_shoff;
    this.machine = ehdr.e_machine;
    const shdrs = readShdrs(bytes, this.format, ehdr);
    const names = shdrs[ehdr.e_shstrndx]?.sh_offset ?? 0;
    this.sections = shdrs.map((shdr, index) => ({ ...shdr, index, name: this.stringAt(names + shdr.sh_name) }));
  }

  find(name: string): ArchSection | undefined {
    return this.sections.find(section => section.name === name);
  }

  section(name: string): ArchSection {
    const found = this.find(name);
    if (!found) throw new Error(`${this.fixture} has no section ${name}`);
    return found;
  }

  stringAt(at: number): string {
    return this.view.toString('latin1', at, this.view.indexOf(0, at));
  }

  /** A number of `width` bytes in the file's byte order; what is too large is cut. */
  number(at: number, width: number, value: number | bigint): Patch {
    const bytes = Buffer.alloc(8);
    const wide = BigInt.asUintN(8 * width, BigInt(value));
    if (this.format.littleEndian) bytes.writeBigUInt64LE(wide);
    else bytes.writeBigUInt64BE(wide << BigInt(64 - 8 * width));
    return [at, toHex(bytes.subarray(0, width))];
  }

  /** By index. */
  get symbolNames(): string[] {
    const { sh_offset } = this.section('.symtab');
    const names = this.section('.strtab').sh_offset;
    const { sym } = structSizes(this.format.is64);
    return Array.from({ length: this.symbolCount }, (_, index) => {
      const at = sh_offset + index * sym;
      const st_name = this.format.littleEndian ? this.view.readUInt32LE(at) : this.view.readUInt32BE(at);
      return this.stringAt(names + st_name);
    });
  }

  /** Index of a symbol by name. */
  symbol(name: string): number {
    const index = this.symbolNames.indexOf(name);
    if (index < 1) throw new Error(`${this.fixture} has no symbol ${name}`);
    return index;
  }

  get symbolCount(): number {
    return this.section('.symtab').sh_size / structSizes(this.format.is64).sym;
  }

  /** The relocation section of a section. */
  relocationsOf(target: string): ArchSection {
    const found = this.find(`.rela${target}`) ?? this.find(`.rel${target}`);
    if (!found || (found.sh_type !== SHT_REL && found.sh_type !== SHT_RELA))
      throw new Error(`${this.fixture} has no relocations of ${target}`);
    return found;
  }

  relocations(section: ArchSection): Relocations {
    const { sh_offset, sh_size, sh_type } = section;
    const { is64, littleEndian } = this.format;
    return new Relocations(
      this.bytes.subarray(sh_offset, sh_offset + sh_size),
      is64,
      littleEndian,
      sh_type === SHT_RELA,
      this.machine,
    );
  }

  /** Another type and symbol for an entry, and an addend where entries have one. */
  setEntry(section: ArchSection, entry: number, type: number, symbol: number, addend: number | bigint = 0): Patch[] {
    const { is64 } = this.format;
    const { rel, rela } = structSizes(is64);
    const word = is64 ? 8 : 4;
    const at = section.sh_offset + entry * (section.sh_type === SHT_RELA ? rela : rel);
    const info = is64 ? (BigInt(symbol) << 32n) | BigInt(type >>> 0) : (BigInt(symbol) << 8n) | BigInt(type & 0xff);
    const patches = packsTypes(this.machine, is64)
      ? [this.number(at + word, 4, symbol), [at + word + 4, toHex(Uint8Array.of(0, 0, 0, type))] as const]
      : [this.number(at + word, word, info)];
    if (section.sh_type === SHT_RELA) patches.push(this.number(at + 2 * word, word, addend));
    return patches;
  }

  /** Another r_offset. */
  setOffset(section: ArchSection, entry: number, offset: number): Patch {
    const { is64 } = this.format;
    const { rel, rela } = structSizes(is64);
    return this.number(section.sh_offset + entry * (section.sh_type === SHT_RELA ? rela : rel), is64 ? 8 : 4, offset);
  }

  set<K extends Kind>(kind: K, index: number, field: keyof (typeof FIELDS)[K] & string, value: number | bigint): Patch {
    const { is64 } = this.format;
    const sizes = structSizes(is64);
    const places = FIELDS[kind] as Record<string, readonly (readonly [number, number])[]>;
    const [at, width] = places[field]?.[is64 ? 0 : 1] ?? [0, 0];
    const base = kind === 'ehdr' ? 0 : kind === 'shdr' ? this.shoff : this.section('.symtab').sh_offset;
    const size = kind === 'ehdr' ? 0 : kind === 'shdr' ? sizes.shdr : sizes.sym;
    return this.number(base + index * size + at, width, value);
  }

  module(patches: readonly Patch[] = []): FixtureModule {
    return { fixture: this.fixture, ...(patches.length > 0 ? { patches } : {}) };
  }
}
