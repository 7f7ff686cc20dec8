// A vmlinux, of which only what is in memory when it runs is read: with debug information it can have gigabytes.
import { ByteReader } from '../../formats/bytes/byteReader';
import { SHF_ALLOC, SHT_NOBITS } from '../../formats/elf/constants';
import { nameString } from '../../formats/bytes/strings';
import { declaredFormat, hasElfMagic, readEhdr, readShdrs, structSizes, type Shdr } from '../../formats/elf/header';
import type { FileParts } from '../files';
import type { KernelBytes } from './kernelBytes';

/** No kernel takes more, in bytes. */
const MOST_BYTES = 2 ** 29;

/** The kernel in an ELF file with the section __ksymtab; null for any other file. Throws what reading throws. */
export function kernelOfElf(file: FileParts): KernelBytes | null {
  const head = file.read(0, 64);
  if (!hasElfMagic(head)) return null;
  const format = declaredFormat(head);
  const ehdr = readEhdr(head, format);
  const table = file.read(ehdr.e_shoff, ehdr.e_shnum * structSizes(format.is64).shdr);
  const shdrs = readShdrs(table, format, { ...ehdr, e_shoff: 0 });
  const strings = shdrs[ehdr.e_shstrndx];
  const names = strings ? file.read(strings.sh_offset, Math.min(strings.sh_size, file.size)) : head;
  const named = shdrs.map(shdr => ({ name: nameString(names, shdr.sh_name), shdr }));
  if (!named.some(({ name, shdr }) => name === '__ksymtab' && shdr.sh_type !== SHT_NOBITS)) return null;
  const loaded = named.filter(({ shdr }) => (shdr.sh_flags & SHF_ALLOC) !== 0 && shdr.sh_type !== SHT_NOBITS);
  // What is loaded comes first, and each byte keeps its place: entries count distances across sections.
  const end = Math.max(...loaded.map(({ shdr }) => shdr.sh_offset + shdr.sh_size));
  if (end > Math.min(MOST_BYTES, file.size)) return null;
  const bytes = file.read(0, end);
  const sections = new Map<string, Shdr>();
  for (const { name, shdr } of loaded) if (!sections.has(name)) sections.set(name, shdr);
  return {
    containers: ['vmlinux'],
    r: new ByteReader(bytes, format.littleEndian),
    is64: format.is64,
    machine: ehdr.e_machine,
    sections,
  };
}
