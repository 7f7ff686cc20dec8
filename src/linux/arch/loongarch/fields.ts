// Where instructions of LoongArch keep their immediates (arch/loongarch/include/asm/inst.h).
import type { Field } from './relocations';

/** Lowest bit and width of immediates that are in one piece. */
const WHOLE: Readonly<Record<'i12' | 'i16' | 'i20', readonly [lsb: number, bits: number]>> = {
  i12: [10, 12],
  i16: [10, 16],
  i20: [5, 20],
};

/** Writes the low bits of a value into the instruction at `at`; of `i21` and `i26` the upper bits stand at the right end. */
export function writeField(view: DataView, at: number, field: Field, value: number): void {
  if (field === 'word') {
    view.setInt32(at, value | 0, true);
    return;
  }
  const insn = view.getInt32(at, true);
  if (field === 'i21' || field === 'i26') {
    const upper = field === 'i21' ? 0x1f : 0x3ff;
    const split = ((value & 0xffff) << 10) | ((value >> 16) & upper);
    view.setInt32(at, (insn & ~((0xffff << 10) | upper)) | split, true);
    return;
  }
  const [lsb, bits] = WHOLE[field];
  const mask = 2 ** bits - 1;
  view.setInt32(at, (insn & ~(mask << lsb)) | ((value & mask) << lsb), true);
}
