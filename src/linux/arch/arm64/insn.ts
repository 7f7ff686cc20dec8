// A64 instructions as far as relocations and PLT entries change them (arch/arm64/lib/insn.c).
import { IMM_ADR, type Immediate } from './relocations';

/** aarch64_insn_encode_immediate(): the instruction with another immediate, whose bits beyond the field are cut off. */
export function withImmediate(insn: number, field: Immediate, immediate: number): number {
  if (field === IMM_ADR) {
    const split = ((immediate & 3) << 29) | (((immediate >>> 2) & 0x7_ffff) << 5);
    return ((insn & ~0x60ff_ffe0) | split) >>> 0;
  }
  const { mask, lsb } = field;
  return ((insn & ~(mask << lsb)) | ((immediate & mask) << lsb)) >>> 0;
}

const ADRP = 0x9000_0000;
const ADD_IMMEDIATE = 0x9100_0000;
const BR_X16 = 0xd61f_0200;
const B = 0x1400_0000;
const X16 = 16;

/** struct plt_entry: three instructions. */
export const PLT_ENTRY = 12;

/** __get_adrp_add_pair(): ADRP and ADD that put `target` into a register, for code at `pc`. */
export function adrpAddPair(target: bigint, pc: bigint, register: number): readonly [number, number] {
  const pages = Number(BigInt.asIntN(32, (target >> 12n) - (pc >> 12n)));
  const low = Number(target & 0xfffn);
  const adrp = withImmediate((ADRP | register) >>> 0, IMM_ADR, pages);
  return [adrp, (ADD_IMMEDIATE | (low << 10) | (register << 5) | register) >>> 0];
}

/** get_plt_entry(): a jump to `target` by way of x16. */
export function pltEntry(target: bigint, pc: bigint): readonly number[] {
  return [...adrpAddPair(target, pc, X16), BR_X16];
}

/** A branch from one address to another. */
export function branch(from: bigint, to: bigint): number {
  return (B | (Number(BigInt.asIntN(32, (to - from) >> 2n)) & 0x3ff_ffff)) >>> 0;
}
