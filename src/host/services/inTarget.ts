// Who provides a symbol on a target, and what it says of it.
import { hexCrc } from '../../formats/bytes/hex';
import type { ModuleExport } from '../../formats/ko/exports';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import type { SymbolInTarget } from '../../protocol/analysis';
import type { LoadResult } from '../../report/types';
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
 */
export function inTarget(
  name: string,
  { facts, symvers }: Listed,
  imported: ReadonlySet<string>,
  result?: LoadResult,
  built?: BuiltExport,
): SymbolInTarget {
  const symbol = result?.symbols.find(candidate => candidate.name === name);
  const index = rowOf(facts, name, symbol?.owner ?? null);
  const row = index < 0 ? null : facts.exports.row(index);
  const isListed = row !== null && (!built || symbol?.owner === 'vmlinux');
  const listedCrc = row && facts.config['MODVERSIONS'] ? hexCrc(row.crc) : null;
  const other = built && { owner: built.module, crc: hexCrc(built.crc), type: built.type, namespace: built.namespace };
  const listed = row && { owner: row.owner, crc: listedCrc, type: row.type || null, namespace: row.namespace };
  const owner = symbol?.owner ?? null;
  const bound = symbol && owner !== null && { ...symbol, owner, crc: symbol.found };
  const found = bound || (isListed ? listed : other) || { owner: null, crc: null, type: null, namespace: null };
  return {
    release: facts.release,
    // Module.symvers says where in the kernel's sources a module lies, which its name does not.
    owner: isListed ? row.owner : found.owner,
    crc: found.crc,
    type: found.type,
    namespace: found.namespace,
    namespaceImported: !found.namespace || imported.has(found.namespace),
    status: symbol?.status ?? null,
    file: isListed ? null : (built?.file ?? null),
    row: isListed && symvers ? { file: symvers, line: facts.exports.line(index), column: 1 } : null,
  };
}

/** The row of the exporter that a symbol was bound to, else the first; -1 without one. */
function rowOf({ exports }: KernelFacts, name: string, owner: string | null): number {
  const first = exports.findName(name);
  if (owner === null) return first;
  let index = first;
  while (index >= 0 && moduleNameOfPath(exports.owner(index)) !== owner) index = exports.findNext(index);
  return index;
}
