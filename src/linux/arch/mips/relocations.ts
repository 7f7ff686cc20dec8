// Relocations of MIPS (arch/mips/kernel/module.c), the same for both classes.
import type { RelocationType } from '../arch';

export type Operation = 'none' | 'word' | 'jump' | 'hi16' | 'lo16' | 'branch' | 'wide' | 'higher' | 'highest';

export interface RelocationRow extends RelocationType {
  readonly type: number;
  readonly operation: Operation;
  /** Branches: bits of the field, which counts in words. */
  readonly bits: number;
}

const row = (type: number, name: string, operation: Operation, bytes = 4, bits = 0): RelocationRow => ({
  type,
  name: `R_MIPS_${name}`,
  operation,
  bytes,
  bits,
});

export const RELOCATIONS: readonly RelocationRow[] = [
  row(0, 'NONE', 'none', 0),
  row(2, '32', 'word'),
  row(4, '26', 'jump'),
  row(5, 'HI16', 'hi16'),
  row(6, 'LO16', 'lo16'),
  row(10, 'PC16', 'branch', 4, 16),
  row(18, '64', 'wide', 8),
  row(28, 'HIGHER', 'higher'),
  row(29, 'HIGHEST', 'highest'),
  row(60, 'PC21_S2', 'branch', 4, 21),
  row(61, 'PC26_S2', 'branch', 4, 26),
];

/**
 * Of a table without addends R_MIPS_64 is refused before anything is written, and 64-bit kernels read the instruction of an
 * upper half as if it had eight bytes.
 */
export const relocationsOfRel = (is64: boolean): readonly RelocationRow[] =>
  RELOCATIONS.map(known => {
    if (known.operation === 'wide') return { ...known, bytes: 0 };
    return known.operation === 'hi16' && is64 ? { ...known, bytes: 8 } : known;
  });
