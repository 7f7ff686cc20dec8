// Relocation types of position-independent code, which the kernels of x86 do not know (arch/x86/include/asm/elf.h; the numbers:
// System V ABI, AMD64 and Intel386 supplements).
import { namesOf } from '../rows';

export const X86_64_GOT = namesOf('R_X86_64_', {
  GOT32: 3,
  GOTPCREL: 9,
  GOTOFF64: 25,
  GOTPC32: 26,
  GOT64: 27,
  GOTPCREL64: 28,
  GOTPC64: 29,
  GOTPLT64: 30,
  GOTPCRELX: 41,
  REX_GOTPCRELX: 42,
  CODE_4_GOTPCRELX: 43,
});

export const I386_GOT = namesOf('R_386_', { GOT32: 3, GOTOFF: 9, GOTPC: 10, GOT32X: 43 });
