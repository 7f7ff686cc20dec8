// A module of the kernel's own of which only the rows of Module.symvers are at hand.
import type { ExportIndex } from '../../../target/exportTable';
import type { ExportTableName } from '../../features';
import { newModule } from './newLoad';
import type { Kernel, Module, ModuleExport, ModuleExports } from './types';

/**
 * A module as if it had been loaded: what it exports, by the given rows of the kernel's Module.symvers, sorted as modpost
 * sorts __ksymtab (scripts/mod/modpost.c). Addresses are made up; parameters, memory and taints are not known.
 */
export function listedModule({ facts, features }: Kernel, name: string, rows: readonly ExportIndex[]): Module {
  const tables = new Map<ExportTableName, ModuleExport[]>();
  for (const row of rows) {
    const { name: symbol, crc, gplOnly, namespace, type } = facts.exports.row(row);
    const table = tableOf(type, gplOnly);
    const entries = tables.get(table) ?? [];
    tables.set(table, entries);
    const value = features.addresses.modules + BigInt(row) * 16n;
    entries.push({ name: symbol, value, crc: features.modversions ? crc : null, namespace, gplOnly });
  }
  const exports = Array.from(tables, ([table, entries]): ModuleExports => {
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { table, entries, unreadable: 0, left: 0 };
  });
  return { ...newModule(), name, state: 'live', exports };
}

function tableOf(type: string, gplOnly: boolean): ExportTableName {
  if (type.includes('FUTURE')) return '_gpl_future';
  if (type.includes('UNUSED')) return gplOnly ? '_unused_gpl' : '_unused';
  return gplOnly ? '_gpl' : '';
}
