// Relocations of s390 (arch/s390/kernel/module.c).
import type { RelocationType } from '../arch';

/** What the value is: S + A, S + A - P, a GOT entry or the way to it, a PLT entry or the way to it, or counted from the GOT. */
export type Operation =
  'none' | 'absolute' | 'relative' | 'got' | 'got-entry' | 'plt' | 'plt-offset' | 'got-offset' | 'got-place' | 'shared';

export interface RelocationRow extends RelocationType {
  readonly type: number;
  readonly operation: Operation;
  /** Width of the field in bits; 12 and 20 are parts of an instruction. */
  readonly bits: number;
  readonly signed: boolean;
  /** 1 where the field counts halfwords. */
  readonly shift: number;
}

const BYTES: Readonly<Record<number, number>> = { 8: 1, 12: 2, 16: 2, 20: 4, 32: 4, 64: 8 };

function row(type: number, name: string, operation: Operation, bits: number, signed = false, shift = 0): RelocationRow {
  return { type, name: `R_390_${name}`, operation, bits, signed, shift, bytes: BYTES[bits] ?? 0 };
}

export const RELOCATIONS: readonly RelocationRow[] = [
  row(0, 'NONE', 'none', 0),
  row(1, '8', 'absolute', 8),
  row(2, '12', 'absolute', 12),
  row(3, '16', 'absolute', 16),
  row(4, '32', 'absolute', 32),
  row(5, 'PC32', 'relative', 32, true),
  row(6, 'GOT12', 'got', 12),
  row(7, 'GOT32', 'got', 32),
  row(8, 'PLT32', 'plt', 32),
  row(9, 'COPY', 'shared', 0),
  row(10, 'GLOB_DAT', 'shared', 0),
  row(11, 'JMP_SLOT', 'shared', 0),
  row(12, 'RELATIVE', 'shared', 0),
  row(13, 'GOTOFF32', 'got-offset', 32),
  row(14, 'GOTPC', 'got-place', 32, true),
  row(15, 'GOT16', 'got', 16),
  row(16, 'PC16', 'relative', 16, true),
  row(17, 'PC16DBL', 'relative', 16, true, 1),
  row(18, 'PLT16DBL', 'plt', 16, true, 1),
  row(19, 'PC32DBL', 'relative', 32, true, 1),
  row(20, 'PLT32DBL', 'plt', 32, true, 1),
  row(21, 'GOTPCDBL', 'got-place', 32, true, 1),
  row(22, '64', 'absolute', 64),
  row(23, 'PC64', 'relative', 64, true),
  row(24, 'GOT64', 'got', 64),
  row(25, 'PLT64', 'plt', 64),
  row(26, 'GOTENT', 'got-entry', 32, true, 1),
  row(27, 'GOTOFF16', 'got-offset', 16),
  row(28, 'GOTOFF64', 'got-offset', 64),
  row(29, 'GOTPLT12', 'got', 12),
  row(30, 'GOTPLT16', 'got', 16),
  row(31, 'GOTPLT32', 'got', 32),
  row(32, 'GOTPLT64', 'got', 64),
  row(33, 'GOTPLTENT', 'got-entry', 32, true, 1),
  row(34, 'PLTOFF16', 'plt-offset', 16),
  row(35, 'PLTOFF32', 'plt-offset', 32),
  row(36, 'PLTOFF64', 'plt-offset', 64),
  row(57, '20', 'absolute', 20, true),
  row(58, 'GOT20', 'got', 20, true),
  row(59, 'GOTPLT20', 'got', 20, true),
];
