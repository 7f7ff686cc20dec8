// Modules of the workspace that export a symbol.
import type { SourceLocation } from '../../../findings/types';
import type { SymbolInTarget } from '../../../protocol/analysis';
import type { EditorReport } from '../../../protocol/worker';

export function providersOf(reports: readonly EditorReport[], symbol: string): readonly EditorReport[] {
  let known = bySymbol.get(reports);
  if (!known) bySymbol.set(reports, (known = indexOf(reports)));
  return known.get(symbol) ?? [];
}

/** Each list of reports is gone through once: a module may have thousands of exports. */
const bySymbol = new WeakMap<readonly EditorReport[], ReadonlyMap<string, readonly EditorReport[]>>();

function indexOf(reports: readonly EditorReport[]): ReadonlyMap<string, readonly EditorReport[]> {
  const found = new Map<string, EditorReport[]>();
  for (const report of reports)
    for (const { name } of report.exports) {
      const others = found.get(name);
      if (others) others.push(report);
      else found.set(name, [report]);
    }
  return found;
}

/** Where a symbol is exported on a target: the line of EXPORT_SYMBOL, or the row of Module.symvers; null if not known. */
export function exportPlace(
  { file, row }: SymbolInTarget,
  symbol: string,
  reports: readonly EditorReport[],
): SourceLocation | null {
  if (file === null) return row;
  const exporter = reports.find(({ path }) => path === file);
  const own = exporter?.symbols.find(({ name, role }) => role === 'export' && name === symbol);
  return own?.locations[0] ?? null;
}
