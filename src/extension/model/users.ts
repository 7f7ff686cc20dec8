// Modules of the workspace that use what a module exports.
import type { EditorReport } from '../../protocol/worker';

/**
 * By exported name, the names of the modules that import it from this one: not those that have it from the kernel.
 *
 * @param name what the kernel calls the exporting module
 */
export function usersOf(reports: readonly EditorReport[], name: string, exported: readonly string[]): string[][] {
  const users = new Map(exported.map(symbol => [symbol, new Set<string>()]));
  for (const report of reports)
    for (const symbol of report.symbols) {
      const fromHere =
        symbol.targets.length === 0 ||
        symbol.targets.some(({ owner }) => owner === null || nameOfOwner(owner) === name);
      if (symbol.role === 'import' && fromHere) users.get(symbol.name)?.add(report.name);
    }
  return exported.map(symbol => [...(users.get(symbol) ?? [])].sort());
}

/** Module.symvers names an exporter by its path without the suffix. */
function nameOfOwner(owner: string): string {
  return owner.slice(owner.lastIndexOf('/') + 1).replaceAll('-', '_');
}
