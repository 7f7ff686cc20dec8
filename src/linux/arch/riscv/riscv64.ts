// 64-bit RISC-V (arch/riscv).
import { EI_CLASS, ELFCLASS64, EM_RISCV } from '../../../formats/elf/constants';
import type { Arch } from '../../kernel/module/types';
import { pages4K } from '../arch';
import { typesOf } from '../rows';
import { unsimulated } from '../unsimulated';
import { applyRelocateAdd } from './applyRelocateAdd';
import { RELOCATIONS } from './relocations';
import { frobArchSections } from './sections';

export const riscv64: Arch = {
  ...unsimulated,
  name: 'riscv64',
  machines: [EM_RISCV],
  is64: true,
  littleEndian: true,
  elfCheckArch: (_, bytes) => bytes[EI_CLASS] === ELFCLASS64,
  isConfigured: config => config['RISCV'] === 'y' && config['64BIT'] === 'y',
  pageSize: pages4K,
  vermagic: () => 'riscv',
  prel32Exports: false,
  retpoline: false,
  ignoredUndefined: [],
  // Documentation/arch/riscv/vm-layout.rst, Sv39: modules end where the kernel does.
  addresses: () => ({
    kernelText: 0xffff_ffff_8000_0000n,
    modules: 0xffff_ffff_0200_0000n,
    moduleText: 0xffff_ffff_0240_0000n,
    moduleArea: 0x7000_0000,
    temporaryCopy: 0xffff_ffc8_0020_0000n,
    percpu: 0xffff_ffff_81e0_0000n,
    heap: 0xffff_ffd8_1000_0000n,
  }),
  frobArchSections,
  patchTables: [
    {
      section: '.alternative',
      by: 'apply_module_alternatives',
      does: 'patches-alternatives',
      config: ['RISCV_ALTERNATIVE'],
    },
  ],
  // arch/riscv/include/asm/extable.h
  extable: rows => (rows.has('extableTyped') ? { size: 12, relative: true } : { size: 16, relative: false }),
  applyRelocate: 'unsupported',
  applyRelocateAdd,
  relocationTypes: typesOf(RELOCATIONS),
};
