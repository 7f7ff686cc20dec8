// Which relocations put an address or an offset into debug information, by machine: those whose value is S + A.
import { EM_386, EM_486, EM_AARCH64, EM_ARM, EM_PPC, EM_PPC64, EM_RISCV, EM_S390, EM_X86_64 } from '../elf/constants';

/** Numbers of the psABI supplements. RISC-V also writes differences as pairs (ADD32, SUB32), which are not applied. */
const ABSOLUTE: ReadonlyMap<number, readonly number[]> = new Map([
  // R_X86_64_64, R_X86_64_32, R_X86_64_32S
  [EM_X86_64, [1, 10, 11]],
  // R_386_32
  [EM_386, [1]],
  [EM_486, [1]],
  // R_ARM_ABS32
  [EM_ARM, [2]],
  // R_AARCH64_ABS64, R_AARCH64_ABS32
  [EM_AARCH64, [257, 258]],
  // R_RISCV_32, R_RISCV_64
  [EM_RISCV, [1, 2]],
  // R_PPC_ADDR32; R_PPC64_ADDR32, R_PPC64_ADDR64
  [EM_PPC, [1]],
  [EM_PPC64, [1, 38]],
  // R_390_32, R_390_64
  [EM_S390, [4, 22]],
]);

export function absoluteRelocations(machine: number): ReadonlySet<number> {
  return new Set(ABSOLUTE.get(machine));
}
