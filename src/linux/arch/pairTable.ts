// Relocations in pairs: the low bits of a distance whose upper bits belong to another entry of the same table.
import type { Symtab } from '../kernel/module/symtab';
import type { Load, LoadedSection } from '../kernel/module/types';

/** sizeof(Elf64_Rela) */
const RELA = 24;

/** The little-endian Elf64_Rela entries of a section, in the order in which the kernel has them. */
export class PairTable {
  protected readonly view: DataView;
  private readonly count: number;
  /** Where the last search ended: pairs are close to each other. */
  private last = 0;

  /** @param target the section that the entries are applied to */
  constructor(
    protected readonly load: Load,
    private readonly symtab: Symtab,
    private readonly section: LoadedSection,
    protected readonly target: LoadedSection,
  ) {
    const { bytes } = load.info;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.count = Math.floor(Math.max(0, Math.min(section.sh_size, bytes.length - section.sh_offset)) / RELA);
  }

  /** Where in the file the next entry is that `isWanted` takes, from the one found last on and around; -1 without one. */
  protected find(isWanted: (at: number) => boolean): number {
    if (this.count === 0) return -1;
    let j = this.last;
    do {
      const at = this.section.sh_offset + (this.section.order?.[j] ?? j) * RELA;
      if (isWanted(at)) {
        this.last = j;
        return at;
      }
      j = j + 1 === this.count ? 0 : j + 1;
    } while (j !== this.last);
    return -1;
  }

  protected typeAt(at: number): number {
    return this.view.getUint32(at + 8, true);
  }

  /** S + A of the entry there. */
  protected valueAt(at: number): bigint {
    const { view, entrySize, valueOffset } = this.symtab;
    const symbol = this.view.getUint32(at + 12, true) * entrySize + valueOffset;
    const S = symbol + 8 <= view.byteLength ? view.getBigUint64(symbol, true) : 0n;
    return BigInt.asUintN(64, S + this.view.getBigInt64(at + 16, true));
  }
}
