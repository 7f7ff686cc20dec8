// Exports in a snapshot: by column, because alike values side by side compress several times better than rows.
import { toBytes } from '../formats/bytes/strings';
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

/**
 * Turns the columns back into the lines of a Module.symvers. Rows past a column that ends early are left out.
 *
 * Written byte by byte: building the lines as strings and encoding them would take longer than everything else there
 * is to do with a snapshot.
 */
export function unpackExports(packed: PackedExports): ExportTable {
  const names = toBytes(packed.names);
  const crcs = toBytes(packed.crcs);
  const [owners, types, namespaces] = [packed.owners, packed.types, packed.namespaces].map(runReader);
  const length = textLength(packed);
  // No kernel comes near; a damaged or hostile file could ask for more memory than there is.
  if (length > MAX_TEXT) return parseSymvers(new Uint8Array());
  const out = new Uint8Array(length);
  let to = 0;
  let name = 0;
  for (let digits = 0; digits + 8 <= crcs.length; digits += 8) {
    const owner = owners?.();
    const type = types?.();
    const namespace = namespaces?.();
    if (!owner || !type || !namespace) break;
    const newline = names.indexOf(NEWLINE, name);
    const end = newline < 0 ? names.length : newline;
    out[to] = ZERO;
    out[to + 1] = X;
    to = copy(crcs, digits, digits + 8, out, to + 2);
    out[to++] = TAB;
    to = copy(names, name, end, out, to);
    out[to++] = TAB;
    to = copy(owner, 0, owner.length, out, to);
    out[to++] = TAB;
    to = copy(type, 0, type.length, out, to);
    out[to++] = TAB;
    to = copy(namespace, 0, namespace.length, out, to);
    out[to++] = NEWLINE;
    name = end + 1;
  }
  return parseSymvers(out.subarray(0, to));
}

/** Copies bytes and returns where the copy ends. For a few bytes this is faster than Uint8Array.set(). */
function copy(from: Uint8Array, start: number, end: number, out: Uint8Array, to: number): number {
  for (let i = start; i < end; i++) out[to + i - start] = from[i] ?? 0;
  return to + Math.max(0, end - start);
}

/** In bytes; a Module.symvers of today has 2 MB. */
const MAX_TEXT = 2 ** 28;

const ZERO = 0x30;
const X = 0x78;
const TAB = 9;
const NEWLINE = 10;

/** At least as many bytes as the lines take. */
function textLength({ names, crcs, owners, types, namespaces }: PackedExports): number {
  const rows = Math.floor(crcs.length / 8);
  let total = 0;
  for (const { values, runs } of [owners, types, namespaces]) {
    for (let i = 0, left = rows; i < runs.length && left > 0; i += 2) {
      const count = Math.min(left, runs[i + 1] ?? 0);
      total += count * (values[runs[i] ?? -1]?.length ?? 0);
      left -= count;
    }
  }
  return names.length + total + rows * 15;
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

/** A function that gives the bytes of the next row's value, null after the last. */
function runReader({ values, runs }: Runs): () => Uint8Array | null {
  const bytes = values.map(toBytes);
  let at = 0;
  let left = runs[1] ?? 0;
  return () => {
    while (left <= 0 && at < runs.length) {
      at += 2;
      left = runs[at + 1] ?? 0;
    }
    left--;
    return bytes[runs[at] ?? -1] ?? null;
  };
}
