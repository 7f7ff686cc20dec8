// Modules that use what a module exports: those of the workspace, and those of a distribution.
import type { GraphModel } from '../../../protocol/graph';
import type { EditorReport } from '../../../protocol/worker';

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

/** By exported name, the modules a graph shows to use it from the module in its middle. */
export function usersInGraph({ focus, nodes, edges }: GraphModel): Map<string, string[]> {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const users = new Map<string, string[]>();
  for (const { from, to, symbols } of edges) {
    if (to !== focus) continue;
    for (const { name } of symbols) {
      const list = users.get(name);
      if (list) list.push(names.get(from) ?? from);
      else users.set(name, [names.get(from) ?? from]);
    }
  }
  return users;
}

/** Both lists, each name once, in order. */
export function merged(one: readonly string[], other: readonly string[]): string[] {
  return [...new Set([...one, ...other])].sort();
}
