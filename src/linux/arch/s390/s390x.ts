// 64-bit s390, big-endian (arch/s390).
import { EI_CLASS, ELFCLASS64, EM_S390, GLOBAL_OFFSET_TABLE } from '../../../formats/elf/constants';
import type { Arch } from '../../kernel/module/types';
import { pages4K } from '../arch';
import { typesOf } from '../rows';
import { unsimulated } from '../unsimulated';
import { applyRelocateAdd } from './applyRelocateAdd';
import { frobArchSections } from './frobArchSections';
import { RELOCATIONS } from './relocations';

/** e_machine of s390 tools before the number was assigned (arch/s390/include/asm/elf.h, elf_check_arch()). */
const EM_S390_OLD = 0xa390;

export const s390x: Arch = {
  ...unsimulated,
  name: 's390x',
  machines: [EM_S390, EM_S390_OLD],
  is64: true,
  littleEndian: false,
  elfCheckArch: (_, bytes) => bytes[EI_CLASS] === ELFCLASS64,
  isConfigured: config => config['S390'] === 'y',
  pageSize: pages4K,
  vermagic: () => '',
  prel32Exports: false,
  retpoline: false,
  // module_frob_arch_sections() makes it absolute.
  ignoredUndefined: [GLOBAL_OFFSET_TABLE],
  // arch/s390/boot/startup.c: modules lie below the kernel, which since 6.10 lies at the end of its address space.
  addresses: () => ({
    kernelText: 0x0000_03ff_e000_0000n,
    modules: 0x0000_03ff_6000_0000n,
    moduleText: 0x0000_03ff_6040_0000n,
    moduleArea: 0x7000_0000,
    temporaryCopy: 0x0000_0380_0020_0000n,
    percpu: 0x0000_03ff_e200_0000n,
    heap: 0x0000_0000_1000_0000n,
  }),
  frobArchSections,
  patchTables: [
    { section: '.altinstructions', by: 'apply_alternatives', does: 'patches-alternatives', config: [] },
    { section: '.s390_indirect_call', by: 'nospec_revert', does: 'patches-expolines', config: ['EXPOLINE'] },
    { section: '.s390_indirect_jump', by: 'nospec_revert', does: 'patches-expolines', config: ['EXPOLINE'] },
    { section: '.s390_return_reg', by: 'nospec_revert', does: 'patches-expolines', config: ['EXPOLINE'] },
  ],
  // arch/s390/include/asm/extable.h
  extable: rows => {
    if (rows.has('extableTypedS390')) return { size: 12, relative: true };
    return rows.has('extableHandlersS390') ? { size: 16, relative: true } : { size: 8, relative: true };
  },
  applyRelocate: 'unsupported',
  applyRelocateAdd,
  relocationTypes: typesOf(RELOCATIONS),
};
