// One module file as columns of a graph: what it imports, exports, and may use.
import { nameEnd } from '../formats/bytes/strings';
import { STB_WEAK } from '../formats/elf/constants';
import { readEhdr } from '../formats/elf/header';
import { readSections, type SectionTable } from '../formats/elf/sectionByName';
import { readSymbolTable } from '../formats/elf/symtab';
import { readExports } from '../formats/ko/exports';
import { eachUndefined } from '../formats/ko/imports';
import { getModinfo, modinfoValues } from '../formats/ko/modinfo';
import { eachExtendedVersion, eachVersion, type VersionVisitor } from '../formats/ko/versions';
import { isGplCompatible } from '../linux/kernel/module/license';
import type { SymbolId, SymbolNames } from '../formats/ko/symbolNames';
import { NO_CRC, type ExportColumns, type ImportColumns, type ModuleSymbols } from './types';

/** A module file, or those of its sections that {@link isGraphSection} names. */
export interface ModuleBytes {
  readonly bytes: Uint8Array;
  readonly table: SectionTable;
  readonly e_machine: number;
}

/** A whole module file; null when the bytes are no ELF file. */
export function wholeModule(bytes: Uint8Array): ModuleBytes | null {
  const table = readSections(bytes);
  return table && { bytes, table, e_machine: readEhdr(bytes, table.format).e_machine };
}

/** Sections that matter here besides the symbol table and its names; no other is looked into. */
export function isGraphSection(name: string): boolean {
  return /^(?:\.modinfo|__versions|__version_ext_(?:crcs|names)|__k(?:symtab|crctab|flagstab).*)$/.test(name);
}

/** Reads a module; damaged tables give what can be read of them. Names get their ids in `names`. */
export function readModuleSymbols({ bytes, table, e_machine }: ModuleBytes, names: SymbolNames): ModuleSymbols {
  const modinfo = table.find('.modinfo')?.bytes ?? new Uint8Array();
  return {
    name: getModinfo(modinfo, 'name'),
    e_machine,
    gplCompatible: isGplCompatible(getModinfo(modinfo, 'license')),
    importedNamespaces: modinfoValues(modinfo, 'import_ns'),
    imports: importColumns(bytes, table, names),
    exports: exportColumns(bytes, table, names),
  };
}

function importColumns(file: Uint8Array, table: SectionTable, names: SymbolNames): ImportColumns {
  const symbols = readSymbolTable(file, table);
  const ids: SymbolId[] = [];
  const weak: number[] = [];
  const { strings } = symbols;
  eachUndefined(symbols, index => {
    ids.push(idAt(strings, symbols.nameStart(index), names));
    weak.push(symbols.bind(index) === STB_WEAK ? 1 : 0);
  });
  const [basic, crcs, crcNames] = ['__versions', '__version_ext_crcs', '__version_ext_names'].map(
    name => table.find(name)?.bytes ?? null,
  );
  const { format } = table;
  return {
    names: Uint32Array.from(ids),
    weak: Uint8Array.from(weak),
    crcs: basic ? crcColumn(ids, names, basic, visit => eachVersion(basic, 0, basic.length, format, visit)) : null,
    // Only together do they say anything; a kernel refuses one without the other.
    extendedCrcs:
      crcs && crcNames
        ? crcColumn(ids, names, crcNames, visit => eachExtendedVersion(crcs, crcNames, format.littleEndian, visit))
        : null,
  };
}

/** A column of the CRCs a table has for the imports, whose names lie in `text`. */
function crcColumn(
  imports: readonly SymbolId[],
  names: SymbolNames,
  text: Uint8Array,
  each: (visit: VersionVisitor) => void,
): Float64Array {
  const known = new Map<SymbolId, number>();
  each((at, crc) => {
    const id = idAt(text, at, names);
    if (!known.has(id)) known.set(id, crc);
  });
  return Float64Array.from(imports, id => known.get(id) ?? NO_CRC);
}

function idAt(text: Uint8Array, start: number, names: SymbolNames): SymbolId {
  return names.add(text, start, nameEnd(text, start));
}

function exportColumns(file: Uint8Array, table: SectionTable, names: SymbolNames): ExportColumns {
  const exports = readExports(file, table);
  return {
    names: Uint32Array.from(exports, ({ name }) => names.addName(name)),
    crcs: Float64Array.from(exports, ({ crc }) => crc ?? NO_CRC),
    gplOnly: Uint8Array.from(exports, ({ gplOnly }) => (gplOnly ? 1 : 0)),
    namespaces: Int32Array.from(exports, ({ namespace }) => (namespace === null ? -1 : names.addName(namespace))),
  };
}
