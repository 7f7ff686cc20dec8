// Trying a module before the modules it needs are known: what vmlinux does not export stays open. For trees, where each
// file is read once and modules are bound to each other when all were seen.

import type { SymbolId } from '../../../formats/ko/symbolNames';

/** An undefined symbol that vmlinux does not export. */
export interface OpenImport {
  readonly symbol: SymbolId;
  readonly weak: boolean;
  /** The CRC the module was built with; null when its tables do not list the symbol. */
  readonly wanted: number | null;
}

/** Memory that one trial after another uses, as none is looked at once it is over. In bytes. */
const KEPT = 16 << 20;

export class Trial {
  /** In the order of the symbol table. */
  readonly open: OpenImport[] = [];
  /** Something depended on addresses or on memory that would be others where other modules are loaded. */
  undecided = false;
  /** How far from where a trial puts it a module may come to lie, in bytes. */
  readonly reach: number;
  private memory = new Uint8Array(1 << 20);
  private used = 0;

  /**
   * @param moduleArea bytes of the module area of the architecture
   * @param relocations false leaves out relocations of what the loader does not read later
   */
  constructor(
    moduleArea: number,
    readonly relocations: boolean,
  ) {
    this.reach = moduleArea >>> 1;
  }

  /** To be called before each module. */
  begin(): void {
    this.open.length = 0;
    this.undecided = false;
    this.used = 0;
  }

  /** Zeroed memory of `size` bytes, valid until the next trial begins. */
  allocate(size: number): Uint8Array {
    if (size > KEPT) return new Uint8Array(size);
    if (this.used + size > this.memory.length) {
      // The old memory stays with the regions it was given to.
      this.memory = new Uint8Array(Math.max(size, 2 * this.memory.length));
      this.used = size;
      return this.memory.subarray(0, size);
    }
    const taken = this.memory.subarray(this.used, this.used + size);
    this.used += size;
    return taken.fill(0);
  }
}
