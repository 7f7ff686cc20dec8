// find_symbol(): vmlinux first, then the loaded modules, newest first.
import type { SymbolId } from '../../../formats/ko/symbolNames';
import type { ExportTableName, Features } from '../../features';
import { lookUpExport } from './moduleExports';
import type { FoundSymbol, Machine, SearchWatcher } from './types';

/**
 * find_symbol(): what the kernel would bind `name` to; GPL-only exports are invisible when `gplok` is false.
 *
 * @param watch is called for each table that is searched
 */
export function findSymbol(
  machine: Machine,
  symbol: SymbolId,
  gplok: boolean,
  watch: SearchWatcher | null = null,
): FoundSymbol | null {
  const { kernel } = machine;
  const { features } = kernel;
  const builtin = kernel.findExportById(symbol);
  if (watch) watchBuiltin(features, builtin, gplok, watch);
  if (builtin && (gplok || !builtin.gplOnly)) return builtin;
  if (machine.modules.length === 0) return null;
  const name = kernel.names.name(symbol);
  for (const owner of machine.modules) {
    if (owner.state === 'unformed') {
      watch?.(owner.name, null, 'unformed');
      continue;
    }
    for (const exports of owner.exports) {
      const { table } = exports;
      const found = lookUpExport(features, exports, name);
      const hidden = !gplok && found?.gplOnly === true;
      watch?.(owner.name, table, isPassedOver(features, table, gplok) ? 'passed-over' : outcomeOf(found, hidden));
      if (!found || hidden) continue;
      const future = table === '_gpl_future';
      return { ...found, owner, future, unused: table.startsWith('_unused') };
    }
  }
  return null;
}

/** Since 5.12 a table of GPL-only exports is not even searched for a module that may not use them; before, what it holds is hidden. */
function isPassedOver({ exportFlags, rows }: Features, table: ExportTableName, gplok: boolean): boolean {
  return !gplok && table === '_gpl' && !exportFlags && rows.has('fewExportTables');
}

function outcomeOf(found: object | null, hidden: boolean): 'absent' | 'hidden' | 'found' {
  return !found ? 'absent' : hidden ? 'hidden' : 'found';
}

/** The tables of vmlinux, as far as they are searched: the one that has the symbol ends it. */
function watchBuiltin(features: Features, builtin: FoundSymbol | null, gplok: boolean, watch: SearchWatcher): void {
  const holder = builtin && tableOf(features, builtin);
  for (const table of features.exportTables) {
    const hidden = !gplok && builtin?.gplOnly === true;
    const passed = isPassedOver(features, table, gplok);
    watch(null, table, passed ? 'passed-over' : outcomeOf(table === holder ? builtin : null, hidden));
    if (table === holder && !hidden) return;
  }
}

function tableOf({ exportFlags }: Features, { gplOnly, future, unused }: FoundSymbol): ExportTableName {
  if (exportFlags) return '';
  if (unused) return gplOnly ? '_unused_gpl' : '_unused';
  if (future) return '_gpl_future';
  return gplOnly ? '_gpl' : '';
}
