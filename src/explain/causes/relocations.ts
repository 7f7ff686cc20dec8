// Relocations that a kernel cannot apply, each with what its toolchain or its options did.
import { globalOffsetTable, relocation } from '../../findings/definitions';
import type { Translate } from '../../findings/words';
import { BUILD, refused, type Cause } from './types';

const FIND_PIC = "grep -o -e '-f[Pp][Ii][CcEe]' .*.cmd; readelf -r *.o | grep GOT";

const withoutPic = (t: Translate): string =>
  t(
    'Remove the option from the Makefile and from CFLAGS, add -fno-pic if the compiler has it as its default, and build through kbuild. If the object is prebuilt, its maker must do that.',
  );

export const RELOCATION_CAUSES = {
  relocation: refused([relocation.id], ({ type }, t) => ({
    why:
      type === undefined
        ? t(
            'An address in the module does not fit where its code wants it: the code was compiled for another code model, or the module lies too far from what it calls.',
          )
        : t(
            'This kernel cannot apply relocation type {0}. The compiler, the assembler or options such as -fPIC produced code that this kernel does not expect.',
            type,
          ),
    command: BUILD,
    apart: t(
      'If a clean build with the compiler of the kernel gives the same, compare the options in the .cmd file: your Makefile must not add -fPIC, -fpie or -mcmodel. If the options are right, the toolchain is newer than the kernel.',
    ),
  })),
  relocationGot: refused([relocation.id, globalOffsetTable.id], ({ type = '' }, t) => ({
    why: t(
      'Relocation type {0} goes through a global offset table, which this kernel does not have: a part of the module was compiled as position-independent code (-fPIC or -fpie).',
      type,
    ),
    command: FIND_PIC,
    apart: withoutPic(t),
  })),
  gotSymbol: refused([globalOffsetTable.id], (_, t) => ({
    why: t(
      'The symbol stands for a global offset table, which this kernel does not have: a part of the module was compiled as position-independent code (-fPIC or -fpie).',
    ),
    command: FIND_PIC,
    apart: withoutPic(t),
  })),
  relocationNew: refused([relocation.id], ({ type = '' }, t) => ({
    why: t(
      'This kernel does not know relocation type {0}: the compiler or binutils that built the module are newer than the kernel, or of another vendor.',
      type,
    ),
    command: 'cat /proc/version; gcc --version; ld --version',
    apart: t(
      'Build with the compiler and binutils that /proc/version names, or use a newer kernel, which knows the type. A part compiled with -fPIC gives the same line with another type.',
    ),
  })),
  relocationPage: refused([relocation.id], ({ type = '' }, t) => ({
    why: t(
      'Relocation type {0} is page-relative. A kernel built for CPUs with erratum 843419 refuses it in modules; its own options avoid it.',
      type,
    ),
    command: BUILD,
    apart: t(
      'Build through kbuild with the configuration of the running kernel. For old kernels that means -mcmodel=large: a build that sets its own CFLAGS has to add it.',
    ),
  })),
  relocationFar: refused([relocation.id], (_, t) => ({
    why: t(
      'A call or branch in the module does not reach its target: modules lie too far from the kernel, and the kernel or the module has no tables to jump through (PLT).',
    ),
    command: 'zcat /proc/config.gz | grep -e MODULE_PLTS -e THUMB2 -e RANDOMIZE; readelf -S MODULE.ko | grep plt',
    apart: t(
      'Build through kbuild, so that the linker script of the kernel adds the tables. On ARM, CONFIG_ARM_MODULE_PLTS must be on. Fewer or smaller modules leave room near the kernel.',
    ),
  })),
  relocationThumb: refused([relocation.id], (_, t) => ({
    why: t('ARM and Thumb code are mixed: the module and the kernel were built for different instruction sets.'),
    command: 'zcat /proc/config.gz | grep THUMB2_KERNEL; readelf -A MODULE.ko',
    apart: t(
      'Build the module through kbuild with the configuration of the running kernel, and do not add -mthumb or -marm.',
    ),
  })),
  relocationRelax: refused([relocation.id], (_, t) => ({
    why: t('The assembler left places for linker relaxation, which this kernel does not carry out.'),
    command: BUILD,
    apart: t('Build through kbuild, which passes -mno-relax; a build with its own CFLAGS has to add it.'),
  })),
  relocationModel: refused([relocation.id], (_, t) => ({
    why: t('An address in the module does not fit into 32 bits: the code was not compiled with -mcmodel=kernel.'),
    command: BUILD,
    apart: t(
      'Build through kbuild, and look for -mcmodel in your Makefile. Assembler code must not use absolute 32-bit addresses.',
    ),
  })),
} satisfies Readonly<Record<string, Cause>>;
