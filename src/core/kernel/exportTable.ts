// Exported symbols in columns: one lookup table over the bytes of all names, no object per symbol.

const GPL_ONLY = 1;

/** One row of an {@link ExportTable}, made on demand. */
export interface ExportedSymbol {
  readonly name: string;
  readonly crc: number;
  /** `vmlinux` or the path of the module without `.ko`, as Module.symvers has it. */
  readonly owner: string;
  readonly gplOnly: boolean;
  /** null when the symbol is in no namespace. */
  readonly namespace: string | null;
  /** Spelling of the type column: EXPORT_SYMBOL, EXPORT_SYMBOL_GPL, EXPORT_UNUSED_SYMBOL ... */
  readonly type: string;
}

/** Index of a row. */
export type ExportIndex = number;

/** Exports in the order they were added; look-ups by name are by hash over bytes. */
export class ExportTable {
  private count = 0;
  private nameStart: Uint32Array;
  private nameLength: Uint16Array;
  private crcs: Uint32Array;
  private ownerIds: Uint32Array;
  private typeIds: Uint8Array;
  private namespaceIds: Uint16Array;
  private hashes: Uint32Array;
  private next: Int32Array;
  private buckets: Int32Array;
  private readonly owners = new Interner();
  private readonly types = new Interner();
  private readonly namespaces = new Interner();

  /**
   * @param text bytes that hold the names; rows refer to them by offset, nothing is copied
   * @param capacity the number of rows to come
   */
  constructor(
    readonly text: Uint8Array,
    capacity: number,
  ) {
    this.nameStart = new Uint32Array(capacity);
    this.nameLength = new Uint16Array(capacity);
    this.crcs = new Uint32Array(capacity);
    this.ownerIds = new Uint32Array(capacity);
    this.typeIds = new Uint8Array(capacity);
    this.namespaceIds = new Uint16Array(capacity);
    this.hashes = new Uint32Array(capacity);
    this.next = new Int32Array(capacity);
    let size = 16;
    while (size < capacity) size *= 2;
    this.buckets = new Int32Array(size).fill(-1);
    this.namespaces.id('');
  }
}

/** Small table of repeated strings. */
class Interner {
  readonly values: string[] = [];
  private readonly ids = new Map<string, number>();
  id(value: string): number {
    let id = this.ids.get(value);
    if (id === undefined) {
      id = this.values.length;
      this.values.push(value);
      this.ids.set(value, id);
    }
    return id;
  }
}

export { GPL_ONLY };
