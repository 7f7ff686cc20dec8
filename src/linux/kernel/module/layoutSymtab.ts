// layout_symtab() (kernel/module/kallsyms.c): the whole symbol table goes to init memory, the symbols that stay
// valid after init get a second, smaller table at the end of core memory.
import { StringEnds } from '../../../formats/bytes/stringEnds';
import { SHF_ALLOC, SHF_EXECINSTR, SHN_UNDEF } from '../../../formats/elf/constants';
import { structSizes } from '../../../formats/elf/header';
import { alignUp } from './align';
import { isInitSection } from './layoutSections';
import { sectionName } from './loadInfo';
import { pad, place, type Regions } from './regions';
import type { Load, LoadedSection } from './types';
import { noteNullSymbol, noteSymbolName } from './uncheckedFields';

export function layoutSymtab(load: Load, regions: Regions): void {
  const { info, features } = load;
  const symsect = info.sechdrs[info.index.sym];
  const strsect = info.sechdrs[info.index.str];
  if (!symsect || !strsect) return;
  const core = regions.of('DATA');
  const init = regions.of('INIT_DATA');
  const { sym } = structSizes(features.is64);
  const pointer = features.is64 ? 8 : 4;

  placeSection(load, symsect, init);
  const symbols = coreSymbols(load, symsect, strsect);
  const symoffs = alignUp(core.size, symsect.sh_addralign || 1);
  core.size = symoffs;
  place(core, '<core symtab>', symbols.count * sym, symsect.sh_addralign || 1);
  place(core, '<core strtab>', symbols.stringBytes, 1);
  if (features.rows.has('typetab')) place(core, '<core typetab>', symbols.count, 1);
  pad(load.features, core);

  placeSection(load, strsect, init);
  // symtab, num_symtab, strtab; later also typetab.
  const fields = features.rows.has('typetab') ? 4 : 3;
  if (features.rows.has('modKallsyms')) place(init, '<mod_kallsyms>', fields * pointer, pointer);
  if (features.rows.has('typetab')) place(init, '<init typetab>', Math.floor(symsect.sh_size / sym), 1);
  pad(load.features, init);
}

/** Up to 2.6.32 symbol and string table are sections of core memory like others, and stay. */
export function keepTables({ info }: Load): void {
  for (const section of [info.sechdrs[info.index.sym], info.sechdrs[info.index.str]])
    if (section) section.sh_flags |= SHF_ALLOC;
}

/** A table may be placed twice when the file marks it SHF_ALLOC itself: the last place is the one used. */
function placeSection(load: Load, section: LoadedSection, init: ReturnType<Regions['of']>): void {
  section.sh_flags |= SHF_ALLOC;
  const name = sectionName(load.info, section);
  if (section.place) {
    const { entries } = section.place.region;
    const earlier = entries.findIndex(entry => entry.name === name && entry.offset === section.place?.offset);
    if (earlier >= 0) entries.splice(earlier, 1);
  }
  section.place = { region: init, offset: place(init, name, section.sh_size, section.sh_addralign || 1) };
}

/** Number of core symbols, symbol 0 included, and the bytes of their names with NULs. */
function coreSymbols(
  load: Load,
  symsect: LoadedSection,
  strsect: LoadedSection,
): { count: number; stringBytes: number } {
  const { info, features, mod } = load;
  const { bytes } = info;
  const { littleEndian } = features;
  const { sym } = structSizes(features.is64);
  const shndxOffset = features.is64 ? 6 : 14;
  const staysInCore = coreSections(load);
  const ends = load.machine.trial ? null : new StringEnds(bytes);
  // What a section without contents claims may lie behind the end of the file, and reads as zero.
  const total = Math.floor(symsect.sh_size / sym);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const there = Math.min(total, Math.floor((bytes.length - symsect.sh_offset) / sym));
  let count = 0;
  let stringBytes = 0;
  let wild = 0;
  for (let i = 0; i < total; i++) {
    const at = symsect.sh_offset + i * sym;
    const st_name = i < there ? view.getUint32(at, littleEndian) : 0;
    const st_shndx = i < there ? view.getUint16(at + shndxOffset, littleEndian) : 0;
    if (i === 0) noteNullSymbol(load, st_shndx);
    if (st_name >= strsect.sh_size && wild++ === 0) noteSymbolName(load, i, st_name, strsect);
    const core = st_name !== 0 && staysInCore[st_shndx] === 1;
    if (i !== 0 && !mod.isLivepatch && !core) continue;
    count++;
    if (!ends) continue;
    const name = info.strtab + st_name;
    stringBytes += ends.of(name) - name + 1;
  }
  // On trial only a total that is too large would matter: what is surely enough will do.
  if (!ends) stringBytes = strsect.sh_size;
  return { count, stringBytes };
}

/** is_core_symbol() as a table: 1 for the index of each section whose symbols stay known after init. */
function coreSections(load: Load): Uint8Array {
  const { info, features } = load;
  const table = new Uint8Array(info.sechdrs.length);
  for (const section of info.sechdrs) {
    if (section.index === SHN_UNDEF) continue;
    if (features.kallsymsAll && section.index === info.index.pcpu) {
      table[section.index] = 1;
      continue;
    }
    const required = features.kallsymsAll ? SHF_ALLOC : SHF_ALLOC | SHF_EXECINSTR;
    const init = section.place ? section.place.region.init : isInitSection(load, sectionName(info, section));
    if ((section.sh_flags & required) === required && !init) table[section.index] = 1;
  }
  return table;
}
