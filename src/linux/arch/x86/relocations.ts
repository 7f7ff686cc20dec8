// Relocations of x86_64 (arch/x86/kernel/module.c). The kernel, not the psABI, is the specification: PC32 and PLT32
// are truncated without a check, PC64 is known since 5.3, and everything else is refused.
import type { RelocationType } from '../arch';

/** What is done with one relocation type, in the letters of the psABI: S symbol, A addend, P place. */
export interface RelocationRow extends RelocationType {
  readonly type: number;
  readonly bytes: 0 | 4 | 8;
  /** S + A - P instead of S + A. */
  readonly pcRelative: boolean;
  /** What the kernel checks of the 64-bit result: that it zero-extends, that it sign-extends, or nothing. */
  readonly fits: 'any' | 'u32' | 's32';
}

/** Whether a 64-bit result, in unsigned halves, is what the field will hold once it is extended again. */
export function fits({ fits: rule }: RelocationRow, low: number, high: number): boolean {
  if (rule === 'any') return true;
  return rule === 'u32' ? high === 0 : high === (low >> 31) >>> 0;
}

export const R_X86_64_64 = 1;
/** Known since 4.16. Assemblers write it for branches since binutils 2.31. */
export const R_X86_64_PLT32 = 4;

export const RELOCATIONS: readonly RelocationRow[] = [
  { name: 'R_X86_64_NONE', type: 0, bytes: 0, pcRelative: false, fits: 'any' },
  { name: 'R_X86_64_64', type: R_X86_64_64, bytes: 8, pcRelative: false, fits: 'any' },
  { name: 'R_X86_64_PC32', type: 2, bytes: 4, pcRelative: true, fits: 'any' },
  { name: 'R_X86_64_PLT32', type: R_X86_64_PLT32, bytes: 4, pcRelative: true, fits: 'any' },
  { name: 'R_X86_64_32', type: 10, bytes: 4, pcRelative: false, fits: 'u32' },
  { name: 'R_X86_64_32S', type: 11, bytes: 4, pcRelative: false, fits: 's32' },
  { name: 'R_X86_64_PC64', type: 24, bytes: 8, pcRelative: true, fits: 'any' },
];
