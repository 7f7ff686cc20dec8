// R_RISCV_PCREL_LO12_*: twelve bits of a distance whose other twenty belong to another relocation (arch/riscv/kernel/module.c).
import type { Symtab } from '../../kernel/module/symtab';
import type { Load, LoadedSection } from '../../kernel/module/types';
import type { Relocation } from '../relocationEntry';
import { R_RISCV_GOT_HI20, R_RISCV_PCREL_HI20 } from './relocations';
import { emitGotEntry, riscvModule } from './sections';

/** sizeof(Elf64_Rela) */
const RELA = 24;

/** The upper twenty bits, so that a signed rest of twelve is left. */
export const upper20 = (offset: number): number => (offset + 0x800) & 0xffff_f000;

/** Finds the upper half that a lower one belongs to: the symbol of the lower one stands where the upper one is. */
export class HiLoPairs {
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

  /** The twelve low bits that are left of the distance, as a signed number; null without an upper half. */
  lowOf(entry: Relocation): number | null {
    const wanted = BigInt.asUintN(64, entry.symbolValue - this.target.sh_addr);
    if (wanted > 0xffff_ffffn || this.count === 0) return null;
    const offset = Number(wanted);
    let j = this.last;
    do {
      const at = this.section.sh_offset + j * RELA;
      const type = this.table.getUint32(at + 8, true);
      const isUpper = type === R_RISCV_PCREL_HI20 || type === R_RISCV_GOT_HI20;
      if (isUpper && this.table.getUint32(at, true) === offset && this.table.getUint32(at + 4, true) === 0) {
        this.last = j;
        return this.low(entry, at, type);
      }
      j = j + 1 === this.count ? 0 : j + 1;
    } while (j !== this.last);
    return null;
  }

  private low(entry: Relocation, at: number, type: number): number {
    const { view, entrySize, valueOffset } = this.symtab;
    const symbol = this.table.getUint32(at + 12, true) * entrySize + valueOffset;
    const S = symbol + 8 <= view.byteLength ? view.getBigUint64(symbol, true) : 0n;
    let value = BigInt.asUintN(64, S + this.table.getBigInt64(at + 16, true));
    const state = riscvModule(this.load);
    if (type === R_RISCV_GOT_HI20 && state) value = emitGotEntry(entry, state, value);
    const offset = Number(BigInt.asIntN(32, value - entry.symbolValue));
    return (offset - upper20(offset)) | 0;
  }
}
