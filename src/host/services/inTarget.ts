// Who provides a symbol on a target, and what it says of it.
import { hexCrc } from '../../formats/bytes/hex';
import type { ModuleExport } from '../../formats/ko/exports';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import type { SymbolInTarget } from '../../protocol/analysis';
import type { LoadResult, SymbolResult } from '../../report/types';
import type { ExportedSymbol } from '../../target/exportTable';
import type { KernelFacts } from '../../target/types';

/** An export of a module that was built here. */
export interface BuiltExport extends ModuleExport {
  readonly module: string;
  readonly file: string;
}

/** A kernel with its Module.symvers, where it has one. */
interface Listed {
  readonly facts: KernelFacts;
  readonly symvers?: string | null;
}

/**
 * Who provides a symbol on a target: what the simulation bound it to; before it came that far, the module built here that
 * exports it; else the row of Module.symvers.
 *
 * @param symbol what the simulation found for the name; null where it did not look for it
 */
export function inTarget(
  name: string,
  { facts, symvers }: Listed,
  imported: ReadonlySet<string>,
  symbol: SymbolResult | null = null,
  built?: BuiltExport,
): SymbolInTarget {
  const index = rowOf(facts, name, symbol?.owner ?? null);
  // A module built here stands for one of the kernel's own, but not for vmlinux.
  const row = index < 0 || (built && symbol?.owner !== 'vmlinux') ? null : facts.exports.row(index);
  const provided = boundTo(symbol) ?? (row ? listedAs(row, facts) : built ? builtAs(built) : NOBODY);
  return {
    ...provided,
    release: facts.release,
    // Module.symvers says where in the kernel's sources a module lies, which its name does not.
    owner: row?.owner ?? provided.owner,
    namespaceImported: !provided.namespace || imported.has(provided.namespace),
    status: symbol?.status ?? null,
    file: row ? null : (built?.file ?? null),
    row: row && symvers ? { file: symvers, line: facts.exports.line(index), column: 1 } : null,
  };
}

type Provided = Pick<SymbolInTarget, 'owner' | 'crc' | 'type' | 'namespace'>;

const NOBODY: Provided = { owner: null, crc: null, type: null, namespace: null };

function boundTo(symbol: SymbolResult | null): Provided | null {
  return symbol && symbol.owner !== null
    ? { owner: symbol.owner, crc: symbol.found, type: symbol.type, namespace: symbol.namespace }
    : null;
}

function listedAs({ owner, crc, type, namespace }: ExportedSymbol, { config }: KernelFacts): Provided {
  return { owner, crc: config['MODVERSIONS'] ? hexCrc(crc) : null, type: type || null, namespace };
}

function builtAs({ module, crc, type, namespace }: BuiltExport): Provided {
  return { owner: module, crc: hexCrc(crc), type, namespace };
}

/** The row of the exporter that a symbol was bound to, else the first; -1 without one. */
function rowOf({ exports }: KernelFacts, name: string, owner: string | null): number {
  const first = exports.findName(name);
  if (owner === null) return first;
  let index = first;
  while (index >= 0 && moduleNameOfPath(exports.owner(index)) !== owner) index = exports.findNext(index);
  return index;
}

/** What a simulation found for each name; the first of each. */
export function symbolsByName({ symbols }: LoadResult): ReadonlyMap<string, SymbolResult> {
  const byName = new Map<string, SymbolResult>();
  for (const symbol of symbols) if (!byName.has(symbol.name)) byName.set(symbol.name, symbol);
  return byName;
}
