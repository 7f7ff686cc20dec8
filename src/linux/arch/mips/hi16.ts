// R_MIPS_HI16 of tables without addends: the upper half of an address depends on the lower one, which the next R_MIPS_LO16 brings
// (arch/mips/kernel/module.c).
import type { Errno } from '../../kernel/module/types';
import type { Relocation } from '../relocationEntry';

/** struct mips_hi16: where the instruction is, and S in halves. */
interface Hi16 {
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

/** Upper halves that wait for a lower one. */
export class Hi16Chain {
  private waiting: Hi16[] = [];
  private last: { readonly entry: Relocation; readonly index: number; readonly type: number } | null = null;

  push(entry: Relocation): void {
    const { at, low, high, symtab } = entry;
    // The kernel's pointer is to a whole address: of eight bytes with the most significant first it changes the last two.
    this.waiting.push({ at: symtab.is64 && !symtab.littleEndian ? at + 4 : at, low, high });
    this.last = { entry, index: entry.index, type: entry.type };
  }

  /** Applies what waits, the last first, and the lower half itself; false where an upper half is of another address. */
  apply({ view, at, low, high, symtab: { littleEndian } }: Relocation): boolean {
    const insn = view.getInt32(at, littleEndian);
    const addend = (insn << 16) >> 16;
    for (const upper of this.waiting.reverse()) {
      if (upper.low !== low || upper.high !== high) {
        this.waiting = [];
        return false;
      }
      const word = view.getInt32(upper.at, littleEndian);
      const sum = ((word << 16) + addend + low) >>> 0;
      // The low half is added as a signed number.
      const half = ((sum >>> 16) + ((sum & 0x8000) >>> 15)) & 0xffff;
      view.setInt32(upper.at, (word & 0xffff_0000) | half, littleEndian);
    }
    this.waiting = [];
    view.setInt32(at, (insn & 0xffff_0000) | ((low + addend) & 0xffff), littleEndian);
    return true;
  }

  /** At the end of a table: an upper half that still waits refuses the module without a word. */
  end(): Errno {
    if (this.waiting.length === 0 || !this.last) return 0;
    const { entry, index, type } = this.last;
    entry.index = index;
    entry.type = type;
    return entry.refuse('unpaired', []);
  }
}
