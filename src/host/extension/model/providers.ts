// Modules of the workspace that export a symbol.
import type { SourceLocation } from '../../../findings/types';
import type { SymbolInTarget } from '../../../protocol/analysis';
import type { EditorReport } from '../../../protocol/worker';

export function providersOf(reports: readonly EditorReport[], symbol: string): EditorReport[] {
  return reports.filter(report => report.exports.some(({ name }) => name === symbol));
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
