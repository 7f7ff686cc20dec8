// The CRCs a module was built with, by symbol.
import type { SymbolId } from '../../../formats/ko/symbolNames';

/** The table of one module at a time, in memory that is used again: nothing is made for a module or a symbol. */
export class VersionTable {
  /** Number of the table that is there now, from 1. */
  filling = 0;
  /** Two numbers for each id: the filling that the entry belongs to, and the CRC. */
  private entries = new Float64Array(1 << 13);

  /** Begins the table of another module; its number. */
  begin(): number {
    return ++this.filling;
  }

  /** Of several entries for a name the first counts. A CRC that does not fit 32 bits can match no exporter's and is NaN. */
  add(symbol: SymbolId, crc: number): void {
    if (2 * symbol >= this.entries.length) {
      const { entries } = this;
      this.entries = new Float64Array(4 * symbol);
      this.entries.set(entries);
    }
    if (this.entries[2 * symbol] === this.filling) return;
    this.entries[2 * symbol] = this.filling;
    this.entries[2 * symbol + 1] = crc;
  }

  /** null when the table does not list the symbol. */
  get(symbol: SymbolId): number | null {
    return this.entries[2 * symbol] === this.filling ? (this.entries[2 * symbol + 1] ?? null) : null;
  }
}
