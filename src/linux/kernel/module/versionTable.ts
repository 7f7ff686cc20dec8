// The CRCs a module was built with, by symbol.
import type { SymbolId } from '../../../formats/ko/symbolNames';

/** The table of one module at a time, in memory that is used again: nothing is made for a module or a symbol. */
export class VersionTable {
  /** Number of the table that is there now, from 1. */
  filling = 0;
  /** By id: the filling that an entry belongs to. */
  private fillings = new Int32Array(1 << 12);
  private crcs = new Float64Array(1 << 12);

  /** Begins the table of another module; its number. */
  begin(): number {
    return ++this.filling;
  }

  /** Of several entries for a name the first counts. A CRC that does not fit 32 bits can match no exporter's and is NaN. */
  add(symbol: SymbolId, crc: number): void {
    if (symbol >= this.crcs.length) this.grow(symbol);
    if (this.fillings[symbol] === this.filling) return;
    this.fillings[symbol] = this.filling;
    this.crcs[symbol] = crc;
  }

  /** null when the table does not list the symbol. */
  get(symbol: SymbolId): number | null {
    return this.fillings[symbol] === this.filling ? (this.crcs[symbol] ?? null) : null;
  }

  private grow(symbol: SymbolId): void {
    const { fillings, crcs } = this;
    this.fillings = new Int32Array(2 * symbol);
    this.fillings.set(fillings);
    this.crcs = new Float64Array(2 * symbol);
    this.crcs.set(crcs);
  }
}
