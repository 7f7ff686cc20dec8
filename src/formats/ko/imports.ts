// What a module imports, read from its file: undefined symbols, and the checksums of __versions.
import { MOST_ENTRIES, nameString } from '../bytes/strings';
import { SHN_UNDEF } from '../elf/constants';
import type { SectionTable } from '../elf/sectionByName';
import type { SymbolIndex, SymbolTable } from '../elf/symtab';
import type { ObjectFile } from './objectFile';
import { eachVersion } from './versions';

/** Undefined symbols in the order of the symbol table, with the CRC each was built with; null without one. */
export function readImports(object: ObjectFile): Map<string, number | null> {
  const versions = readVersions(object.sections);
  const imports = new Map<string, number | null>();
  eachUndefined(object.symbols, index => {
    const name = object.symbols.name(index);
    imports.set(name, versions.get(name) ?? null);
  });
  return imports;
}

/** Undefined symbols that have a name, in the order of the symbol table. */
export function eachUndefined(symbols: SymbolTable, visit: (index: SymbolIndex) => void): void {
  // The null symbol comes first.
  let left = MOST_ENTRIES;
  for (let index = 1; index < symbols.count && left > 0; index++) {
    if (symbols.section(index) !== SHN_UNDEF || !symbols.hasName(index)) continue;
    left--;
    visit(index);
  }
}

/** The CRCs of __versions by name: the first of each. */
export function readVersions(sections: SectionTable): Map<string, number> {
  const versions = new Map<string, number>();
  const table = sections.find('__versions');
  if (!table) return versions;
  eachVersion(table.bytes, 0, table.bytes.length, sections.format, (at, crc) => {
    const name = nameString(table.bytes, at);
    // A CRC that no exporter can have is none to show.
    if (!versions.has(name) && !Number.isNaN(crc)) versions.set(name, crc);
  });
  return versions;
}
