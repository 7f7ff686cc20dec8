// Modules that use what a module exports: those of the workspace, and those of a distribution.
import type { SymbolReport } from '../../../protocol/analysis';
import type { GraphModel } from '../../../protocol/graph';
import type { EditorReport } from '../../../protocol/worker';

/** A module that imports a symbol. */
export interface UserOfExport {
  readonly name: string;
  /** The version it was built with, as modversions write it; null without one. */
  readonly crc: string | null;
}

/**
 * The modules that import an export of one module: not those that have the symbol from the kernel.
 *
 * @param exporter what the kernel calls the exporting module
 */
export function usersOfExport(reports: readonly EditorReport[], exporter: string, symbol: string): UserOfExport[] {
  const users = new Map<string, UserOfExport>();
  for (const { name, symbols } of reports) {
    const used = symbols.find(candidate => candidate.role === 'import' && candidate.name === symbol);
    if (used && isUserOf(used, exporter)) users.set(name, { name, crc: used.crc });
  }
  return [...users.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Where no kernel knows the symbol, it can only be this module's. */
const isUserOf = ({ targets }: SymbolReport, exporter: string): boolean =>
  targets.length === 0 || targets.some(({ owner }) => owner === null || nameOfOwner(owner) === exporter);

/** ✓ where the version is that of the export, ✗ where it differs; nothing where one of them has no version. */
export function agreement(used: string | null, exported: string | null): '' | '✓' | '✗' {
  if (used === null || exported === null) return '';
  return used === exported ? '✓' : '✗';
}

/** By exported name, the names of the modules that import it from this one. */
export function usersOf(reports: readonly EditorReport[], name: string, exported: readonly string[]): string[][] {
  const users = new Map(exported.map(symbol => [symbol, new Set<string>()]));
  for (const report of reports)
    for (const symbol of report.symbols) {
      if (symbol.role === 'import' && isUserOf(symbol, name)) users.get(symbol.name)?.add(report.name);
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
