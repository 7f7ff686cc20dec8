// What a target exports by its Module.symvers, looked up by the graph's names: each name and each row once.
import type { ExportIndex, ExportTable } from '../target/exportTable';
import { moduleNameOfPath } from '../formats/ko/moduleName';
import type { SymbolId, SymbolNames } from '../formats/ko/symbolNames';

/** Index in {@link KernelSymbols.owners}; -1 stands for vmlinux. */
export type OwnerIndex = number;

const UNKNOWN = -2;

export class KernelSymbols {
  /** Names of the modules that export something, in the order they are first listed. */
  readonly owners: readonly string[];
  private readonly ownerOfRow: Int32Array;
  private readonly gplOnlyRow: Uint8Array;
  private readonly namespaceOfRow = new Map<ExportIndex, string>();
  private firstRows = new Int32Array(0);

  constructor(
    readonly exports: ExportTable,
    private readonly names: SymbolNames,
  ) {
    const owners = new Map<string, OwnerIndex>([['vmlinux', -1]]);
    const modules = new Map<string, OwnerIndex>();
    this.ownerOfRow = new Int32Array(exports.size);
    this.gplOnlyRow = new Uint8Array(exports.size);
    for (let row = 0; row < exports.size; row++) {
      const path = exports.owner(row);
      let owner = owners.get(path);
      if (owner === undefined) {
        const name = moduleNameOfPath(path);
        owner = modules.get(name) ?? modules.size;
        modules.set(name, owner);
        owners.set(path, owner);
      }
      this.ownerOfRow[row] = owner;
      this.gplOnlyRow[row] = exports.gplOnly(row) ? 1 : 0;
      const namespace = exports.namespace(row);
      if (namespace !== null) this.namespaceOfRow.set(row, namespace);
    }
    this.owners = [...modules.keys()];
  }

  /** First row that exports a name, or -1; {@link ExportTable.findNext} has the others. */
  find(symbol: SymbolId): ExportIndex {
    if (symbol >= this.firstRows.length) {
      const larger = new Int32Array(2 * this.names.size).fill(UNKNOWN);
      larger.set(this.firstRows);
      this.firstRows = larger;
    }
    const known = this.firstRows[symbol] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    return (this.firstRows[symbol] = this.names.withBytes(symbol, (bytes, start, length) =>
      this.exports.find(bytes, start, length),
    ));
  }

  owner(row: ExportIndex): OwnerIndex {
    return this.ownerOfRow[row] ?? -1;
  }

  gplOnly(row: ExportIndex): boolean {
    return this.gplOnlyRow[row] === 1;
  }

  namespace(row: ExportIndex): string | null {
    return this.namespaceOfRow.get(row) ?? null;
  }
}
