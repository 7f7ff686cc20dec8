// What the section .gnu.linkonce.this_module tells of the kernel a module was built for: it is a struct module.
import { ByteReader } from '../bytes/byteReader';
import { nameString } from '../bytes/strings';
import { SHT_REL, SHT_RELA } from '../elf/constants';
import { readEhdr, structSizes, type Shdr } from '../elf/header';
import { Relocations } from '../elf/relocations';
import { contents, readSections, type SectionTable } from '../elf/sectionByName';

export interface ThisModuleShape {
  /** sizeof(struct module) in bytes. */
  readonly size: number;
  /** Offsets of the members `init` and `exit`; null when the module has no such function. */
  readonly init: number | null;
  readonly exit: number | null;
}

/**
 * The size of `struct module` and where `init` and `exit` stand in it, from a module's own relocations against
 * `init_module` and `cleanup_module`. null when the file is not a module.
 */
export function thisModuleShape(file: Uint8Array, sections = readSections(file)): ThisModuleShape | null {
  const section = sections?.find('.gnu.linkonce.this_module');
  if (!sections || !section) return null;
  // One is all a linker makes; looking at more would let a hostile file make the same bytes count many times.
  const relocations = sections.shdrs.find(
    ({ sh_type, sh_info }) => (sh_type === SHT_RELA || sh_type === SHT_REL) && sh_info === section.index,
  );
  const places = relocations ? placesBySymbol(file, sections, relocations) : new Map<string, number>();
  return {
    size: section.shdr.sh_size,
    init: places.get('init_module') ?? null,
    exit: places.get('cleanup_module') ?? null,
  };
}

/** `r_offset` of each relocation, by the name of its symbol. */
function placesBySymbol(file: Uint8Array, sections: SectionTable, shdr: Shdr): Map<string, number> {
  const places = new Map<string, number>();
  const { is64, littleEndian } = sections.format;
  const sizes = structSizes(is64);
  const hasAddend = shdr.sh_type === SHT_RELA;
  const table = new Relocations(
    contents(file, shdr),
    is64,
    littleEndian,
    hasAddend,
    readEhdr(file, sections.format).e_machine,
  );
  const symtab = sections.shdrs[shdr.sh_link];
  const symbols = new ByteReader(contents(file, symtab), littleEndian);
  const names = contents(file, sections.shdrs[symtab?.sh_link ?? 0]);
  for (let i = 0; i < table.count; i++)
    places.set(nameString(names, symbols.u32(table.symbol(i) * sizes.sym)), table.offset(i));
  return places;
}
