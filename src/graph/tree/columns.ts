// What a screen found out about many modules, as columns that go from one thread to another.
import type { SymbolNames } from '../../formats/ko/symbolNames';
import { type SymbolId } from '../../formats/ko/symbolNames';
import { NO_CRC } from '../types';
import type { Screened } from './screen';

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
  /** Values of import_ns. */
  readonly namespaces: readonly string[];
  /** Bytes of per-cpu memory. */
  readonly percpu: number;
  /** Indices into {@link ScreenedColumns.reasons}. */
  readonly notChecked: readonly number[];
}

export interface ScreenedColumns {
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
  private readonly numbers = new Map<SymbolId, number>();
  private readonly ids: SymbolId[] = [];
  private readonly namespaces: string[] = [];
  private readonly imports = new Growing();
  private readonly exports = new Growing();

  constructor(private readonly names: SymbolNames) {}

  add(module: ModuleNumber, found: Screened, passes: boolean): void {
    const { name, namespaces, percpu, notChecked } = found;
    this.rows.push({ module, name, passes, namespaces, percpu, notChecked });
    for (let i = 0; i < found.imports.length; i++)
      this.imports.push(
        module,
        this.number(found.imports[i] ?? 0),
        found.importCrcs[i] ?? NO_CRC,
        found.importWeak[i] ?? 0,
      );
    for (let i = 0; i < found.exports.length; i++)
      this.exports.push(
        module,
        this.number(found.exports[i] ?? 0),
        found.exportCrcs[i] ?? NO_CRC,
        this.namespace(found.exportNamespaces[i] ?? null),
      );
  }

  columns(reasons: readonly string[]): ScreenedColumns {
    const ends = new Int32Array(this.ids.length);
    let text = new Uint8Array(32 * this.ids.length + 64);
    let length = 0;
    for (let i = 0; i < ends.length; i++) {
      this.names.withBytes(this.ids[i] ?? 0, (bytes, start, size) => {
        if (length + size > text.length) {
          const larger = new Uint8Array(2 * (length + size));
          larger.set(text);
          text = larger;
        }
        text.set(bytes.subarray(start, start + size), length);
        length += size;
      });
      ends[i] = length;
    }
    return {
      rows: this.rows,
      reasons,
      symbols: { text: text.slice(0, length), ends },
      namespaces: this.namespaces,
      imports: this.imports.columns(),
      exports: this.exports.columns(),
    };
  }

  private number(symbol: SymbolId): number {
    let number = this.numbers.get(symbol);
    if (number === undefined) {
      number = this.ids.push(symbol) - 1;
      this.numbers.set(symbol, number);
    }
    return number;
  }

  private namespace(name: string | null): number {
    if (name === null) return 0;
    const known = this.namespaces.indexOf(name);
    return known >= 0 ? known + 1 : this.namespaces.push(name);
  }
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
