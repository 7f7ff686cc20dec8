// complete_formation(): exports must be new, and with them the module becomes visible to others.
import { duplicateExport } from '../../../findings/duplicateExport';
import { uncheckedField } from '../../../findings/uncheckedField';
import { ENOEXEC } from '../../errno';
import { readSections } from '../../../formats/elf/sectionByName';
import { readExports } from '../../../formats/ko/exports';
import type { ExportTableName } from '../../generations';
import { findSymbol } from './findSymbol';
import { findSec } from './loadInfo';
import type { ModuleMemory } from './memory';
import { readModuleExports, type ModuleExports } from './moduleExports';
import type { Errno, Load } from './types';

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
        field: `${exports.unreadable} names in __ksymtab${table} lie outside of the module`,
      });
    if (exports.left > 0)
      load.notChecked(`of the entries of __ksymtab${table} only the first ${exports.entries.length} were looked at`);
    tables.push(exports);
  }
  return tables;
}

/** What the symbol table says of exports, where the tables themselves were not relocated. Addresses are made up. */
export function exportsByName({ info, arch }: Load): ModuleExports[] {
  const sections = readSections(info.bytes);
  const entries = (sections ? readExports(info.bytes, sections) : [])
    .map(entry => ({ ...entry, value: arch.addresses.modules }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const table = (name: ExportTableName, gplOnly: boolean): ModuleExports => ({
    table: name,
    entries: entries.filter(entry => entry.gplOnly === gplOnly),
    unreadable: 0,
    left: 0,
  });
  return [table('', false), table('_gpl', true)];
}

/** verify_exported_symbols(): the first name that anybody exports already ends the load. */
export function verifyExportedSymbols(load: Load): Errno {
  const { names } = load.machine.kernel;
  for (const { entries } of load.mod.exports)
    for (const { name } of entries) {
      const found = findSymbol(load.machine, names.addName(name), true);
      if (!found) continue;
      load.report(duplicateExport, { module: load.mod.name, symbol: name, owner: found.owner?.name ?? 'kernel' });
      return ENOEXEC;
    }
  return 0;
}
