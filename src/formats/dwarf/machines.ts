// Which relocations put an address or an offset into debug information, by machine: those whose value is S + A.
import {
  EM_386,
  EM_486,
  EM_AARCH64,
  EM_ARM,
  EM_LOONGARCH,
  EM_MIPS,
  EM_PPC,
  EM_PPC64,
  EM_RISCV,
  EM_S390,
  EM_X86_64,
} from '../elf/constants';

/**
 * Bytes of the relocated field by type, from the psABI supplements. RISC-V also writes differences as pairs (ADD32,
 * SUB32), which are not applied.
 */
const ABSOLUTE: ReadonlyMap<number, ReadonlyMap<number, number>> = new Map([
  // R_X86_64_64, R_X86_64_32, R_X86_64_32S
  [EM_X86_64, sizes([1, 8], [10, 4], [11, 4])],
  // R_386_32
  [EM_386, sizes([1, 4])],
  [EM_486, sizes([1, 4])],
  // R_ARM_ABS32
  [EM_ARM, sizes([2, 4])],
  // R_AARCH64_ABS64, R_AARCH64_ABS32
  [EM_AARCH64, sizes([257, 8], [258, 4])],
  // R_RISCV_32, R_RISCV_64
  [EM_RISCV, sizes([1, 4], [2, 8])],
  // R_PPC_ADDR32; R_PPC64_ADDR32, R_PPC64_ADDR64
  [EM_PPC, sizes([1, 4])],
  [EM_PPC64, sizes([1, 4], [38, 8])],
  // R_MIPS_32, R_MIPS_64
  [EM_MIPS, sizes([2, 4], [18, 8])],
  // R_LARCH_32, R_LARCH_64
  [EM_LOONGARCH, sizes([1, 4], [2, 8])],
  // R_390_32, R_390_64
  [EM_S390, sizes([4, 4], [22, 8])],
]);

function sizes(...rows: readonly (readonly [type: number, bytes: number])[]): ReadonlyMap<number, number> {
  return new Map(rows);
}

/** Relocation types whose value is S + A, with the bytes they fill. */
export function absoluteRelocations(machine: number): ReadonlyMap<number, number> {
  return ABSOLUTE.get(machine) ?? new Map<number, number>();
}
