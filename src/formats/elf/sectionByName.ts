// Finding one section of an ELF file by its name.
import { equalsCString, toBytes } from '../bytes/strings';
import { declaredFormat, hasElfMagic, readEhdr, readShdrs, type ElfFormat, type Shdr } from './header';

export interface NamedSection {
  readonly index: number;
  readonly shdr: Shdr;
  /** The section's contents: a view into the file, cut where the file ends. */
  readonly bytes: Uint8Array;
}

/** Every section header of a file, with what is needed to find sections by name; null when it is not an ELF file. */
export interface SectionTable {
  readonly format: ElfFormat;
  readonly shdrs: readonly Shdr[];
  /** Contents of the section with their names. */
  readonly names: Uint8Array;
  find(name: string): NamedSection | null;
}

/** Reads the section headers in the format the file declares. For files known to be whole, not for loading decisions. */
export function readSections(file: Uint8Array): SectionTable | null {
  if (!hasElfMagic(file)) return null;
  const format = declaredFormat(file);
  const ehdr = readEhdr(file, format);
  const shdrs = readShdrs(file, format, ehdr);
  return sectionTable(file, format, shdrs, contents(file, shdrs[ehdr.e_shstrndx]));
}

/** The table of headers that were read already; `names` is the contents of the section e_shstrndx names. */
export function sectionTable(
  file: Uint8Array,
  format: ElfFormat,
  shdrs: readonly Shdr[],
  names: Uint8Array,
): SectionTable {
  const find = (name: string): NamedSection | null => {
    const wanted = toBytes(name);
    const index = shdrs.findIndex(shdr => equalsCString(names, shdr.sh_name, wanted));
    const shdr = shdrs[index];
    return shdr ? { index, shdr, bytes: contents(file, shdr) } : null;
  };
  return { format, shdrs, names, find };
}

/** The bytes of a section: a view into the file, cut where the file ends. */
export function contents(file: Uint8Array, shdr: Shdr | undefined): Uint8Array {
  return shdr ? file.subarray(shdr.sh_offset, shdr.sh_offset + shdr.sh_size) : new Uint8Array();
}
