// R_RISCV_PCREL_LO12_*: twelve bits of a distance whose other twenty belong to another relocation (arch/riscv/kernel/module.c).
import { PairTable } from '../pairTable';
import type { Relocation } from '../relocationEntry';
import { R_RISCV_GOT_HI20, R_RISCV_PCREL_HI20 } from './relocations';
import { emitGotEntry, riscvModule } from './sections';

/** The upper twenty bits, so that a signed rest of twelve is left. */
export const upper20 = (offset: number): number => (offset + 0x800) & 0xffff_f000;

/** Finds the upper half that a lower one belongs to: the symbol of the lower one stands where the upper one is. */
export class HiLoPairs extends PairTable {
  /** The twelve low bits that are left of the distance, as a signed number; null without an upper half. */
  lowOf(entry: Relocation): number | null {
    const wanted = BigInt.asUintN(64, entry.symbolValue - this.target.sh_addr);
    if (wanted > 0xffff_ffffn) return null;
    const offset = Number(wanted);
    const isUpper = (type: number): boolean => type === R_RISCV_PCREL_HI20 || type === R_RISCV_GOT_HI20;
    const isThere = (at: number): boolean =>
      this.view.getUint32(at, true) === offset && this.view.getUint32(at + 4, true) === 0;
    const at = this.find(upper => isUpper(this.typeAt(upper)) && isThere(upper));
    return at < 0 ? null : this.low(entry, at);
  }

  private low(entry: Relocation, at: number): number {
    let value = this.valueAt(at);
    const state = riscvModule(this.load);
    if (this.typeAt(at) === R_RISCV_GOT_HI20 && state) value = emitGotEntry(entry, state, value);
    const offset = Number(BigInt.asIntN(32, value - entry.symbolValue));
    return (offset - upper20(offset)) | 0;
  }
}
