// Modules of the workspace that export a symbol.
import type { EditorReport } from '../../../protocol/worker';

export function providersOf(reports: readonly EditorReport[], symbol: string): EditorReport[] {
  return reports.filter(report => report.exports.some(({ name }) => name === symbol));
}
