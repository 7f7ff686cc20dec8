// Numbers of the ELF format, spelled as in elf.h (System V gABI and include/uapi/linux/elf.h).

export const EI_CLASS = 4;
export const EI_DATA = 5;
export const EI_NIDENT = 16;
export const ELFCLASS32 = 1;
export const ELFCLASS64 = 2;
export const ELFDATA2LSB = 1;
export const ELFDATA2MSB = 2;

export const ET_REL = 1;

export const EM_386 = 3;
export const EM_486 = 6;
export const EM_MIPS = 8;
export const EM_PPC = 20;
export const EM_PPC64 = 21;
export const EM_S390 = 22;
export const EM_ARM = 40;
export const EM_X86_64 = 62;
export const EM_AARCH64 = 183;
export const EM_RISCV = 243;
export const EM_LOONGARCH = 258;

export const SHT_NULL = 0;
export const SHT_PROGBITS = 1;
export const SHT_SYMTAB = 2;
export const SHT_STRTAB = 3;
export const SHT_RELA = 4;
export const SHT_NOBITS = 8;
export const SHT_REL = 9;

export const SHF_WRITE = 0x1;
export const SHF_ALLOC = 0x2;
export const SHF_EXECINSTR = 0x4;
export const SHF_COMPRESSED = 0x800;
/** include/uapi/linux/elf.h: relocations that livepatch resolves later. */
export const SHF_RELA_LIVEPATCH = 0x0010_0000;
/** include/uapi/linux/elf.h: set by the loader on sections made read-only after init. */
export const SHF_RO_AFTER_INIT = 0x0020_0000;

export const SHN_UNDEF = 0;
export const SHN_LORESERVE = 0xff00;
/** include/uapi/linux/elf.h: symbols that livepatch resolves later. */
export const SHN_LIVEPATCH = 0xff20;
export const SHN_ABS = 0xfff1;
export const SHN_COMMON = 0xfff2;

export const STB_LOCAL = 0;
export const STB_GLOBAL = 1;
export const STB_WEAK = 2;

export const STT_NOTYPE = 0;
export const STT_OBJECT = 1;
export const STT_FUNC = 2;
export const STT_SECTION = 3;
export const STT_FILE = 4;

/** ch_type of a compressed section. */
export const ELFCOMPRESS_ZLIB = 1;
export const ELFCOMPRESS_ZSTD = 2;

/** What linkers call the table of addresses that position-independent code reads. */
export const GLOBAL_OFFSET_TABLE = '_GLOBAL_OFFSET_TABLE_';
