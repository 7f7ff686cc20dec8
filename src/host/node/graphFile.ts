// A module file as the graph needs it: where the file is not compressed, only the sections that say who uses whom.
import { note } from '../../findings/notes';
import { nameString } from '../../formats/bytes/strings';
import { SHT_SYMTAB } from '../../formats/elf/constants';
import { declaredFormat, hasElfMagic, readEhdr, readShdrs, structSizes, type Shdr } from '../../formats/elf/header';
import { sectionTable } from '../../formats/elf/sectionByName';
import { isGraphSection, wholeModule, type ModuleBytes } from '../../graph/readModule';
import { compressionOf } from '../../formats/bytes/packed';
import { readModule } from './decompress';
import { InputError, type FileParts } from '../../target/files';
import { withFileParts } from './files';

/** Reads what the graph needs of a module. Throws {@link InputError}: unreadable, damaged, or no ELF file. */
export async function readGraphFile(path: string): Promise<ModuleBytes> {
  const read = withFileParts(path, parts => {
    const head = parts.read(0, HEAD);
    return compressionOf(head) === 'none' ? { module: readParts(parts, head) } : null;
  });
  const module = read ? read.module : wholeModule((await readModule(path)).bytes);
  if (!module) throw new InputError(path, note('no-elf'));
  return module;
}

/** sizeof(Elf64_Ehdr) */
const HEAD = 64;

/** The sections that matter, one behind the other, with headers that say where they now are. */
export function readParts(parts: FileParts, head = parts.read(0, HEAD)): ModuleBytes | null {
  if (!hasElfMagic(head)) return null;
  const format = declaredFormat(head);
  const ehdr = readEhdr(head, format);
  const headers = parts.read(ehdr.e_shoff, ehdr.e_shnum * structSizes(format.is64).shdr);
  const shdrs = readShdrs(headers, format, { ...ehdr, e_shoff: 0 });
  const read = (shdr: Shdr | undefined): Uint8Array =>
    shdr ? parts.read(shdr.sh_offset, shdr.sh_size) : new Uint8Array();
  const names = read(shdrs[ehdr.e_shstrndx]);
  const symtab = shdrs.find(shdr => shdr.sh_type === SHT_SYMTAB);
  const wanted = new Set(shdrs.filter(shdr => isGraphSection(nameString(names, shdr.sh_name))));
  for (const shdr of [symtab, symtab && shdrs[symtab.sh_link]]) if (shdr) wanted.add(shdr);
  const total = [...wanted].reduce((sum, shdr) => sum + shdr.sh_size, 0);
  // Headers that overlap or lie could ask for any amount.
  if (total > parts.size) return wholeModule(parts.read(0, parts.size));
  const bytes = new Uint8Array(total);
  let end = 0;
  const moved = shdrs.map(shdr => {
    if (!wanted.has(shdr)) return { ...shdr, sh_offset: 0, sh_size: 0 };
    const section = read(shdr);
    bytes.set(section, end);
    end += section.length;
    return { ...shdr, sh_offset: end - section.length, sh_size: section.length };
  });
  return { bytes, table: sectionTable(bytes, format, moved, names), e_machine: ehdr.e_machine };
}
