// Exports in a snapshot: by column, because alike values side by side compress several times better than rows.
import { toBytes } from '../bytes/strings';
import type { ExportTable } from './exportTable';
import { parseSymvers } from './symvers';

export interface PackedExports {
  /** Names in order, separated by newlines. */
  readonly names: string;
  /** Eight hex digits for each name. */
  readonly crcs: string;
  readonly owners: Runs;
  readonly types: Runs;
  readonly namespaces: Runs;
}

/** A column of repeated values: pairs of a value's index and how many rows in a row have it. */
export interface Runs {
  readonly values: readonly string[];
  readonly runs: readonly number[];
}

export function packExports(table: ExportTable): PackedExports {
  const rows = Array.from({ length: table.size }, (_, i) => table.row(i));
  return {
    names: rows.map(row => row.name).join('\n'),
    crcs: rows.map(row => row.crc.toString(16).padStart(8, '0')).join(''),
    owners: toRuns(rows.map(row => row.owner)),
    types: toRuns(rows.map(row => row.type)),
    namespaces: toRuns(rows.map(row => row.namespace ?? '')),
  };
}

/** Turns the columns back into the lines of a Module.symvers. Rows past a column that ends early are left out. */
export function unpackExports(packed: PackedExports): ExportTable {
  const names = packed.names.split('\n');
  const owners = runReader(packed.owners);
  const types = runReader(packed.types);
  const namespaces = runReader(packed.namespaces);
  const lines: string[] = [];
  for (let i = 0; i < names.length; i++) {
    const owner = owners();
    const type = types();
    const namespace = namespaces();
    if (owner === null || type === null || namespace === null) break;
    lines.push(`0x${packed.crcs.slice(8 * i, 8 * i + 8)}\t${names[i] ?? ''}\t${owner}\t${type}\t${namespace}\n`);
  }
  return parseSymvers(toBytes(lines.join('')));
}

function toRuns(column: readonly string[]): Runs {
  const ids = new Map<string, number>();
  const runs: number[] = [];
  let last = -1;
  for (const value of column) {
    const id = ids.get(value) ?? ids.size;
    ids.set(value, id);
    const end = runs.length - 1;
    if (id === last) runs[end] = (runs[end] ?? 0) + 1;
    else runs.push(id, 1);
    last = id;
  }
  return { values: [...ids.keys()], runs };
}

/** A function that gives the value of the next row, null after the last. */
function runReader({ values, runs }: Runs): () => string | null {
  let at = 0;
  let left = runs[1] ?? 0;
  return () => {
    while (left <= 0 && at < runs.length) {
      at += 2;
      left = runs[at + 1] ?? 0;
    }
    left--;
    return values[runs[at] ?? -1] ?? null;
  };
}
