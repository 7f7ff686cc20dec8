// R_LARCH_PCADD_LO12 and R_LARCH_GOT_PCADD_LO12: the low bits of a distance whose other twenty belong to the relocation that
// their symbol marks (arch/loongarch/kernel/module.c, since 6.19).
import type { Symtab } from '../../kernel/module/symtab';
import type { Load, LoadedSection } from '../../kernel/module/types';
import type { Relocation } from '../relocationEntry';
import { R_LARCH_GOT_PCADD_LO12 } from './relocations';
import { emitGotEntry, loongArchModule } from './sections';

const RELA = 24;

export class PcaddPairs {
  private readonly table: DataView;
  private readonly count: number;
  /** Where the last search ended: pairs are close to each other. */
  private last = 0;

  constructor(
    private readonly load: Load,
    private readonly symtab: Symtab,
    private readonly section: LoadedSection,
    private readonly target: LoadedSection,
  ) {
    const { bytes } = load.info;
    this.table = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.count = Math.floor(Math.max(0, Math.min(section.sh_size, bytes.length - section.sh_offset)) / RELA);
  }

  /** The low 32 bits of the distance; null without an upper half. */
  offsetOf(entry: Relocation): number | null {
    const { table, count } = this;
    if (count === 0) return null;
    let j = this.last;
    do {
      const at = this.section.sh_offset + (this.section.order?.[j] ?? j) * RELA;
      const place = BigInt.asUintN(64, this.target.sh_addr + table.getBigUint64(at, true));
      if (table.getUint32(at + 8, true) === entry.type - 1 && place === entry.symbolValue) {
        this.last = j;
        return this.distance(entry, at, place);
      }
      j = j + 1 === count ? 0 : j + 1;
    } while (j !== this.last);
    return null;
  }

  private distance(entry: Relocation, at: number, place: bigint): number {
    const { view, entrySize, valueOffset } = this.symtab;
    const symbol = this.table.getUint32(at + 12, true) * entrySize + valueOffset;
    const S = symbol + 8 <= view.byteLength ? view.getBigUint64(symbol, true) : 0n;
    let value = BigInt.asUintN(64, S + this.table.getBigInt64(at + 16, true));
    const state = loongArchModule(this.load);
    if (entry.type === R_LARCH_GOT_PCADD_LO12 && state) value = emitGotEntry(entry, state, value) ?? 0n;
    return Number(BigInt.asIntN(32, value - place));
  }
}
