// Relocations of x86_64 (arch/x86/kernel/module.c). The kernel, not the psABI, is the specification: PC32 and PLT32
// are truncated without a check, PC64 is known since 5.3, and everything else is refused.
import type { RelocationRow } from '../arch';

export const x86_64: readonly RelocationRow[] = [
  { name: 'R_X86_64_NONE', type: 0, bytes: 0, pcRelative: false, fits: 'any' },
  { name: 'R_X86_64_64', type: 1, bytes: 8, pcRelative: false, fits: 'any' },
  { name: 'R_X86_64_PC32', type: 2, bytes: 4, pcRelative: true, fits: 'any' },
  { name: 'R_X86_64_PLT32', type: 4, bytes: 4, pcRelative: true, fits: 'any' },
  { name: 'R_X86_64_32', type: 10, bytes: 4, pcRelative: false, fits: 'u32' },
  { name: 'R_X86_64_32S', type: 11, bytes: 4, pcRelative: false, fits: 's32' },
  { name: 'R_X86_64_PC64', type: 24, bytes: 8, pcRelative: true, fits: 'any' },
];
