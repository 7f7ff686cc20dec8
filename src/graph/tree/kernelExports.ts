// What a screen needs to know of the kernel's exports, asked once for each name.
import type { ExportTable } from '../../target/exportTable';
import type { SymbolId, SymbolNames } from '../../formats/ko/symbolNames';

/** Row of the export table, or one of these. */
export const NOT_EXPORTED = -1;
/** Exported in a way that wants a closer look: a type of its own, such as future-GPL. */
export const ODD_EXPORT = -2;
const NOT_ASKED = -3;

export class KernelExports {
  private rows = new Int32Array(0);
  private readonly namespaces = new Map<number, string | null>();

  constructor(
    private readonly table: ExportTable,
    private readonly names: SymbolNames,
  ) {}

  /** Row of the name among what vmlinux exports, {@link NOT_EXPORTED} or {@link ODD_EXPORT}. */
  rowOf(symbol: SymbolId): number {
    if (symbol >= this.rows.length) {
      const rows = new Int32Array(2 * this.names.size + 1024).fill(NOT_ASKED);
      rows.set(this.rows);
      this.rows = rows;
    }
    const known = this.rows[symbol] ?? NOT_ASKED;
    return known === NOT_ASKED ? (this.rows[symbol] = this.ask(symbol)) : known;
  }

  crc(row: number): number {
    return this.table.crc(row);
  }

  namespace(row: number): string | null {
    return this.namespaces.get(row) ?? null;
  }

  private ask(symbol: SymbolId): number {
    const { table } = this;
    const row = this.names.withBytes(symbol, (bytes, start, length) => table.findInVmlinux(bytes, start, length));
    if (row < 0) return NOT_EXPORTED;
    const type = table.type(row);
    const namespace = table.namespace(row);
    if (type !== 'EXPORT_SYMBOL' && type !== 'EXPORT_SYMBOL_GPL') return ODD_EXPORT;
    if (namespace !== null) this.namespaces.set(row, namespace);
    return row;
  }
}
