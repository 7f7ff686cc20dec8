// The export tables of one module, after relocation: __ksymtab*, __kcrctab*, and flags where the kernel has them.
import { note } from '../../../findings/notes';
import { MOST_ENTRIES } from '../../../formats/bytes/strings';
import type { ExportTableName, Features } from '../../features';
import { uncheckedField } from '../../../findings/uncheckedField';
import { readSections } from '../../../formats/elf/sectionByName';
import { readExports } from '../../../formats/ko/exports';
import { findSec } from './loadInfo';
import type { ModuleMemory } from './memory';
import type { LoadedSection } from './loadedSection';
import type { Load, ModuleExport, ModuleExports } from './types';

/** sizeof(struct kernel_symbol) for a kernel. */
export function kernelSymbolSize(features: Features): number {
  const fields = features.exportNamespaces ? 3 : 2;
  return fields * (features.prel32Exports ? 4 : features.is64 ? 8 : 4);
}

/** Sections of one export table; null for a section the module does not have. */
interface ExportSections {
  readonly ksymtab: LoadedSection;
  readonly kcrctab: LoadedSection | null;
  readonly kflagstab: LoadedSection | null;
}

/** Reads one table from module memory. */
function readModuleExports(
  features: Features,
  memory: ModuleMemory,
  table: ExportTableName,
  sections: ExportSections,
): ModuleExports {
  const size = kernelSymbolSize(features);
  const all = Math.floor(sections.ksymtab.sh_size / size);
  const count = Math.min(MOST_ENTRIES, all);
  const entries: ModuleExport[] = [];
  let unreadable = 0;
  for (let i = 0; i < count; i++) {
    const at = sections.ksymtab.sh_addr + BigInt(i * size);
    const [value, name, namespace] = symbolFields(features, memory, at);
    const text = memory.readString(name);
    if (text === null) unreadable++;
    entries.push({
      name: text ?? '',
      value,
      crc: readCrc(features, memory, sections.kcrctab, i),
      namespace: namespace === 0n ? null : memory.readString(namespace) || null,
      gplOnly: sections.kflagstab
        ? ((memory.readUnsigned(sections.kflagstab.sh_addr + BigInt(i), 1) ?? 0n) & 1n) === 1n
        : table === '_gpl' || table === '_unused_gpl',
    });
  }
  return { table, entries, unreadable, left: all - count };
}

/** Value, name and namespace pointers; in the relative form each counts from its own field and 0 stays "none". */
function symbolFields(features: Features, memory: ModuleMemory, at: bigint): [bigint, bigint, bigint] {
  const width = features.prel32Exports ? 4 : features.is64 ? 8 : 4;
  const field = (index: number): bigint => {
    const place = at + BigInt(index * width);
    const stored = memory.readUnsigned(place, width);
    if (stored === null || !features.prel32Exports) return stored ?? 0n;
    return index === 2 && stored === 0n ? 0n : BigInt.asUintN(64, place + BigInt.asIntN(32, stored));
  };
  return [field(0), field(1), features.exportNamespaces ? field(2) : 0n];
}

function readCrc(
  features: Features,
  memory: ModuleMemory,
  kcrctab: LoadedSection | null,
  index: number,
): number | null {
  if (!features.modversions || !kcrctab) return null;
  const place = kcrctab.sh_addr + BigInt(index * features.crcSize);
  const stored = memory.readUnsigned(place, features.crcSize);
  if (stored === null) return null;
  if (!features.relativeCrcs) return Number(stored & 0xffff_ffffn);
  return Number(memory.readUnsigned(place + BigInt.asIntN(32, stored), 4) ?? 0n);
}

/**
 * bsearch() over a table with strcmp() of byte strings (lib/bsearch.c): in an unsorted table some names are not
 * found, for the kernel as for us.
 */
export function bsearchExport(exports: ModuleExports, name: string): ModuleExport | null {
  let base = 0;
  let count = exports.entries.length;
  while (count > 0) {
    const pivot = base + (count >> 1);
    const entry = exports.entries[pivot];
    if (!entry) return null;
    if (entry.name === name) return entry;
    if (name > entry.name) {
      base = pivot + 1;
      count--;
    }
    count >>= 1;
  }
  return null;
}

/** Before 3.0 tables are not sorted, and are searched from their start. */
export function lookUpExport({ rows }: Features, exports: ModuleExports, name: string): ModuleExport | null {
  if (rows.has('bsearchExports')) return bsearchExport(exports, name);
  return exports.entries.find(entry => entry.name === name) ?? null;
}

/** The export tables of the module, as find_module_sections() found them. */
export function collectExports(load: Load, memory: ModuleMemory): ModuleExports[] {
  const { info, features } = load;
  const section = (name: string) => {
    const index = findSec(info, name);
    return index === 0 ? null : (info.sechdrs[index] ?? null);
  };
  const tables: ModuleExports[] = [];
  for (const table of features.exportTables) {
    const ksymtab = section(`__ksymtab${table}`);
    if (!ksymtab) continue;
    const kcrctab = section(`__kcrctab${table}`);
    const kflagstab = features.exportFlags ? section('__kflagstab') : null;
    const exports = readModuleExports(features, memory, table, { ksymtab, kcrctab, kflagstab });
    if (exports.unreadable > 0)
      load.report(uncheckedField, {
        field: note('names-outside', { count: exports.unreadable, section: `__ksymtab${table}` }),
      });
    if (exports.left > 0)
      load.notChecked(note('entries-left', { section: `__ksymtab${table}`, count: exports.entries.length }));
    tables.push(exports);
  }
  return tables;
}

/** What the symbol table says of exports, where the tables themselves were not relocated. Addresses are made up. */
export function exportsByName({ info, features }: Load): ModuleExports[] {
  const sections = readSections(info.bytes);
  const entries = (sections ? readExports(info.bytes, sections) : [])
    .map(entry => ({ ...entry, value: features.addresses.modules }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const table = (name: ExportTableName, gplOnly: boolean): ModuleExports => ({
    table: name,
    entries: entries.filter(entry => entry.gplOnly === gplOnly),
    unreadable: 0,
    left: 0,
  });
  return [table('', false), table('_gpl', true)];
}
