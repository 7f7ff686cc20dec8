// find_symbol(): vmlinux first, then the loaded modules, newest first.
import type { SymbolId } from '../../../formats/ko/symbolNames';
import { lookUpExport } from './moduleExports';
import type { FoundSymbol, Machine } from './types';

/** find_symbol(): what the kernel would bind `name` to; GPL-only exports are invisible when `gplok` is false. */
export function findSymbol(machine: Machine, symbol: SymbolId, gplok: boolean): FoundSymbol | null {
  const { kernel } = machine;
  const builtin = kernel.findExportById(symbol);
  if (builtin && (gplok || !builtin.gplOnly)) return builtin;
  if (machine.modules.length === 0) return null;
  const name = kernel.names.name(symbol);
  for (const owner of machine.modules) {
    if (owner.state === 'unformed') continue;
    for (const exports of owner.exports) {
      const found = lookUpExport(kernel.features, exports, name);
      if (!found || (found.gplOnly && !gplok)) continue;
      const future = exports.table === '_gpl_future';
      return { ...found, owner, future, unused: exports.table.startsWith('_unused') };
    }
  }
  return null;
}
