// What trials found out about many modules, as columns that go from one thread to another.
import { toBytes } from '../../formats/bytes/strings';
import type { SymbolId, SymbolNames } from '../../formats/ko/symbolNames';
import { NO_CRC } from '../types';
import type { Examined } from './examined';

/** Number of a module in the list that all threads were given. */
export type ModuleNumber = number;

/** Symbols of modules, a row each: whose it is, its name, its CRC ({@link NO_CRC}: none), and what else there is. */
export interface SymbolColumns {
  readonly modules: Int32Array;
  readonly names: Int32Array;
  readonly crcs: Float64Array;
  /** Of an import 1 for a weak reference; of an export the number of its namespace, 0 for none. */
  readonly marks: Int32Array;
}

/** Names as bytes, one behind the other. */
export interface NameColumns {
  readonly text: Uint8Array;
  /** Where each ends. */
  readonly ends: Int32Array;
}

export interface ModuleRow {
  readonly module: ModuleNumber;
  readonly name: string;
  /** The loader would have nothing to say about the module by itself. */
  readonly passes: boolean;
  /** It passes, but something essential about it was not checked. */
  readonly unchecked: boolean;
  /** Values of import_ns. */
  readonly namespaces: readonly string[];
  /** Bytes of per-cpu memory. */
  readonly percpu: number;
  /** Indices into {@link ExaminedColumns.reasons}. */
  readonly notChecked: readonly number[];
}

export interface ExaminedColumns {
  readonly rows: readonly ModuleRow[];
  /** Why something could not be checked. */
  readonly reasons: readonly string[];
  readonly symbols: NameColumns;
  readonly namespaces: readonly string[];
  readonly imports: SymbolColumns;
  readonly exports: SymbolColumns;
}

/** Gathers modules. Names get numbers of their own, so that only those that are used are sent. */
export class ColumnBuilder {
  private readonly rows: ModuleRow[] = [];
  /** By id of a name: its number among those that are used. */
  private readonly numbers: (number | undefined)[] = [];
  private readonly ids: SymbolId[] = [];
  private readonly namespaces: string[] = [];
  private readonly reasons: string[] = [];
  private readonly imports = new Growing();
  private readonly exports = new Growing();

  constructor(private readonly names: SymbolNames) {}

  add(module: ModuleNumber, found: Examined, passes: boolean): void {
    const { name, namespaces, percpu, unchecked } = found;
    const notChecked = found.notChecked.map(reason => numberIn(this.reasons, reason));
    this.rows.push({ module, name, passes, unchecked, namespaces, percpu, notChecked });
    for (const { symbol, wanted, weak } of found.imports)
      this.imports.push(module, this.number(symbol), wanted ?? NO_CRC, weak ? 1 : 0);
    for (const { name: symbol, crc, namespace } of found.exports)
      this.exports.push(module, this.number(this.names.addName(symbol)), crc ?? NO_CRC, this.namespace(namespace));
  }

  columns(): ExaminedColumns {
    const { rows, reasons, namespaces } = this;
    const texts = this.ids.map(id => this.names.name(id));
    const ends = new Int32Array(texts.length);
    let length = 0;
    for (const [i, text] of texts.entries()) ends[i] = length += text.length;
    const symbols = { text: toBytes(texts.join('')), ends };
    return { rows, reasons, symbols, namespaces, imports: this.imports.columns(), exports: this.exports.columns() };
  }

  private number(symbol: SymbolId): number {
    while (this.numbers.length <= symbol) this.numbers.push(undefined);
    return (this.numbers[symbol] ??= this.ids.push(symbol) - 1);
  }

  private namespace(name: string | null): number {
    if (name === null) return 0;
    return numberIn(this.namespaces, name) + 1;
  }
}

/** Where an entry stands in a short list; it is added when it is new. */
function numberIn(list: string[], entry: string): number {
  const known = list.indexOf(entry);
  return known >= 0 ? known : list.push(entry) - 1;
}

class Growing {
  private readonly modules: number[] = [];
  private readonly names: number[] = [];
  private readonly crcs: number[] = [];
  private readonly marks: number[] = [];

  push(module: ModuleNumber, name: number, crc: number, mark: number): void {
    this.modules.push(module);
    this.names.push(name);
    this.crcs.push(crc);
    this.marks.push(mark);
  }

  columns(): SymbolColumns {
    return {
      modules: Int32Array.from(this.modules),
      names: Int32Array.from(this.names),
      crcs: Float64Array.from(this.crcs),
      marks: Int32Array.from(this.marks),
    };
  }
}
