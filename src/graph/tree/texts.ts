// Texts that relocations point to.
import { stringEnd } from '../../formats/bytes/strings';
import { SHF_ALLOC, SHN_UNDEF, SHT_NOBITS } from '../../formats/elf/constants';
import { SYM, type Sections } from './sections';

const NOT_LOADED = ['.modinfo', '__versions', '.data..percpu'] as const;

/** Where in the file the text lies that symbol plus addend name; 0 when they do not name a text in loaded memory. */
export function textAt(sections: Sections, symbol: number, addend: number): number {
  const { view, symtab, file } = sections;
  if (symbol >= Math.floor((sections.size[symtab] ?? 0) / SYM)) return 0;
  const at = (sections.offset[symtab] ?? 0) + symbol * SYM;
  const section = view.getUint16(at + 6, true);
  if (section === SHN_UNDEF || section >= sections.count || view.getUint32(at + 12, true) !== 0) return 0;
  if (!((sections.flags[section] ?? 0) & SHF_ALLOC) || sections.type[section] === SHT_NOBITS) return 0;
  // These do not become part of the module's memory.
  if (NOT_LOADED.some(name => sections.find(name) === section)) return 0;
  const size = sections.size[section] ?? 0;
  const offset = view.getUint32(at + 8, true) + addend;
  if (offset < 0 || offset >= size) return 0;
  const start = (sections.offset[section] ?? 0) + offset;
  // It has to end inside of the section.
  return stringEnd(file, start, start + size - offset) < start + size - offset ? start : 0;
}
