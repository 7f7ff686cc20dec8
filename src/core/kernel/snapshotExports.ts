// Exports in a snapshot: by column, because alike values side by side compress several times better than rows.
import { fromBase64, toBase64 } from '../bytes/base64';
import { ByteReader } from '../bytes/byteReader';
import { toBytes } from '../bytes/strings';
import type { ExportTable } from './exportTable';
import { parseSymvers } from './symvers';

export interface PackedExports {
  /** Names in order, separated by newlines. */
  readonly names: string;
  /** Four bytes for each name, least significant first, as base64. */
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
    crcs: toBase64(littleEndian(rows.map(row => row.crc))),
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
  const crcs = new ByteReader(fromBase64(packed.crcs) ?? new Uint8Array());
  const lines: string[] = [];
  for (let i = 0; i < names.length; i++) {
    const owner = owners();
    const type = types();
    const namespace = namespaces();
    if (owner === null || type === null || namespace === null) break;
    lines.push(`0x${crcs.u32(4 * i).toString(16)}\t${names[i] ?? ''}\t${owner}\t${type}\t${namespace}\n`);
  }
  return parseSymvers(toBytes(lines.join('')));
}

function littleEndian(numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(numbers.length * 4);
  numbers.forEach((number, i) => {
    for (let byte = 0; byte < 4; byte++) bytes[4 * i + byte] = number >>> (8 * byte);
  });
  return bytes;
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
