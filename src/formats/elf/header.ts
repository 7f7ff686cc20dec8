// The ELF file header and the section header table, as plain data.
import { ByteReader } from '../bytes/byteReader';
import { EI_CLASS, EI_DATA, ELFCLASS64, ELFDATA2MSB } from './constants';

/** Word size and byte order. A kernel reads every module in its own, whatever e_ident says. */
export interface ElfFormat {
  readonly is64: boolean;
  readonly littleEndian: boolean;
}

export type SectionIndex = number;

/** Elf32_Ehdr or Elf64_Ehdr. Offsets are bytes from the start of the file. */
export interface Ehdr {
  readonly e_type: number;
  readonly e_machine: number;
  readonly e_entry: bigint;
  readonly e_shoff: number;
  readonly e_flags: number;
  readonly e_shentsize: number;
  readonly e_shnum: number;
  readonly e_shstrndx: number;
}

/** Elf32_Shdr or Elf64_Shdr. Of `sh_flags` the low 32 bits are kept: no flag lives above them. */
export interface Shdr {
  readonly sh_name: number;
  readonly sh_type: number;
  readonly sh_flags: number;
  readonly sh_addr: bigint;
  readonly sh_offset: number;
  readonly sh_size: number;
  readonly sh_link: number;
  readonly sh_info: number;
  readonly sh_addralign: number;
  readonly sh_entsize: number;
}

/** sizeof(Elf_Ehdr), sizeof(Elf_Shdr), sizeof(Elf_Sym), sizeof(Elf_Rel), sizeof(Elf_Rela) in bytes. */
export function structSizes(is64: boolean): { ehdr: number; shdr: number; sym: number; rel: number; rela: number } {
  return is64 ? { ehdr: 64, shdr: 64, sym: 24, rel: 16, rela: 24 } : { ehdr: 52, shdr: 40, sym: 16, rel: 8, rela: 12 };
}

/** Whether the file starts with the four bytes 0x7f E L F. */
export function hasElfMagic(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

/** The format a file declares in e_ident (gABI, "ELF Identification"). */
export function declaredFormat(bytes: Uint8Array): ElfFormat {
  return { is64: bytes[EI_CLASS] === ELFCLASS64, littleEndian: bytes[EI_DATA] !== ELFDATA2MSB };
}

/** Reads the file header; fields outside the file are zero. */
export function readEhdr(bytes: Uint8Array, format: ElfFormat): Ehdr {
  const r = new ByteReader(bytes, format.littleEndian);
  const { is64 } = format;
  const tail = is64 ? 48 : 36;
  return {
    e_type: r.u16(16),
    e_machine: r.u16(18),
    e_entry: r.word(24, is64),
    e_shoff: r.sizeWord(is64 ? 40 : 32, is64),
    e_flags: r.u32(tail),
    e_shentsize: r.u16(tail + 10),
    e_shnum: r.u16(tail + 12),
    e_shstrndx: r.u16(tail + 14),
  };
}

/** Reads `e_shnum` section headers from `e_shoff`; headers outside the file are zero. */
export function readShdrs(bytes: Uint8Array, format: ElfFormat, ehdr: Ehdr): Shdr[] {
  const r = new ByteReader(bytes, format.littleEndian);
  const size = structSizes(format.is64).shdr;
  const read = format.is64 ? readShdr64 : readShdr32;
  const shdrs: Shdr[] = [];
  for (let i = 0; i < ehdr.e_shnum; i++) shdrs.push(read(r, ehdr.e_shoff + i * size));
  return shdrs;
}

function readShdr64(r: ByteReader, at: number): Shdr {
  return {
    sh_name: r.u32(at),
    sh_type: r.u32(at + 4),
    // The flags word is 64 bits; its low half is first or last depending on the byte order.
    sh_flags: r.u32(r.littleEndian ? at + 8 : at + 12),
    sh_addr: r.u64(at + 16),
    sh_offset: r.size64(at + 24),
    sh_size: r.size64(at + 32),
    sh_link: r.u32(at + 40),
    sh_info: r.u32(at + 44),
    sh_addralign: r.size64(at + 48),
    sh_entsize: r.size64(at + 56),
  };
}

function readShdr32(r: ByteReader, at: number): Shdr {
  return {
    sh_name: r.u32(at),
    sh_type: r.u32(at + 4),
    sh_flags: r.u32(at + 8),
    sh_addr: BigInt(r.u32(at + 12)),
    sh_offset: r.u32(at + 16),
    sh_size: r.u32(at + 20),
    sh_link: r.u32(at + 24),
    sh_info: r.u32(at + 28),
    sh_addralign: r.u32(at + 32),
    sh_entsize: r.u32(at + 36),
  };
}
