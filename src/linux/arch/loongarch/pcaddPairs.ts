// R_LARCH_PCADD_LO12 and R_LARCH_GOT_PCADD_LO12: the low bits of a distance whose other twenty belong to the relocation that
// their symbol marks (arch/loongarch/kernel/module.c, since 6.19).
import { PairTable } from '../pairTable';
import type { Relocation } from '../relocationEntry';
import { R_LARCH_GOT_PCADD_LO12 } from './relocations';
import { emitGotEntry, loongArchModule } from './sections';

export class PcaddPairs extends PairTable {
  /** The low 32 bits of the distance; null without an upper half. */
  offsetOf(entry: Relocation): number | null {
    const placeOf = (at: number): bigint => BigInt.asUintN(64, this.target.sh_addr + this.view.getBigUint64(at, true));
    const at = this.find(upper => this.typeAt(upper) === entry.type - 1 && placeOf(upper) === entry.symbolValue);
    if (at < 0) return null;
    let value = this.valueAt(at);
    const state = loongArchModule(this.load);
    if (entry.type === R_LARCH_GOT_PCADD_LO12 && state) value = emitGotEntry(entry, state, value) ?? 0n;
    return Number(BigInt.asIntN(32, value - entry.symbolValue));
  }
}
