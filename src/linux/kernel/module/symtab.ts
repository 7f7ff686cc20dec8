// The symbol table while symbols get their values.

/** The symbol table in module memory (init), and how to read a symbol there. */
export interface Symtab {
  /** From the first symbol to the end of the memory it lies in: the loader does not check indices. */
  readonly view: DataView;
  readonly count: number;
  readonly entrySize: number;
  readonly valueOffset: number;
  readonly is64: boolean;
  readonly littleEndian: boolean;
}
