// 64-bit LoongArch (arch/loongarch). module_finalize() refuses nothing.
import { EI_CLASS, ELFCLASS64, EM_LOONGARCH } from '../../../formats/elf/constants';
import type { Arch } from '../../kernel/module/types';
import { typesOf } from '../rows';
import { unsimulated } from '../unsimulated';
import { applyRelocateAdd } from './applyRelocateAdd';
import { NAMED } from './relocations';
import { frobArchSections } from './sections';

export const loongarch64: Arch = {
  ...unsimulated,
  name: 'loongarch64',
  machines: [EM_LOONGARCH],
  is64: true,
  littleEndian: true,
  elfCheckArch: (_, bytes) => bytes[EI_CLASS] === ELFCLASS64,
  isConfigured: config => config['LOONGARCH'] === 'y' && config['64BIT'] === 'y',
  pageSize: config => (config['PAGE_SIZE_64KB'] ? 65536 : config['PAGE_SIZE_4KB'] ? 4096 : 16384),
  vermagic: () => 'LOONGARCH 64BIT ',
  prel32Exports: false,
  retpoline: false,
  ignoredUndefined: [],
  // arch/loongarch/include/asm/pgtable.h: modules lie at the start of vmalloc space.
  addresses: () => ({
    kernelText: 0x9000_0000_0020_0000n,
    modules: 0xffff_8000_0200_0000n,
    moduleText: 0xffff_8000_0240_0000n,
    moduleArea: 0x0e00_0000,
    temporaryCopy: 0xffff_8000_1020_0000n,
    percpu: 0x9000_0000_0200_0000n,
    heap: 0x9000_0000_1000_0000n,
  }),
  frobArchSections,
  applyRelocate: 'unsupported',
  applyRelocateAdd,
  relocationTypes: typesOf(NAMED),
};
