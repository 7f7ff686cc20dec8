// 64-bit s390, big-endian (arch/s390): relocations, GOT and PLT entries are not simulated yet.
import { EM_S390 } from '../../../formats/elf/constants';
import type { Arch } from '../../kernel/module/types';
import { pages4K } from '../arch';
import { unsimulated } from '../unsimulated';

/** e_machine of s390 tools before the number was assigned (arch/s390/include/asm/elf.h, elf_check_arch()). */
const EM_S390_OLD = 0xa390;

export const s390x: Arch = {
  ...unsimulated,
  name: 's390x',
  machines: [EM_S390, EM_S390_OLD],
  is64: true,
  littleEndian: false,
  isConfigured: config => config['S390'] === 'y',
  pageSize: pages4K,
  vermagic: () => '',
  prel32Exports: false,
  retpoline: false,
  ignoredUndefined: [],
  // arch/s390/boot/startup.c: modules lie below the end of vmalloc space.
  addresses: {
    kernelText: 0x0000_0000_0010_0000n,
    modules: 0x0000_03ff_8000_0000n,
    moduleText: 0x0000_03ff_8040_0000n,
    moduleArea: 0x7000_0000,
    temporaryCopy: 0x0000_0380_0020_0000n,
    percpu: 0x0000_0000_0200_0000n,
    heap: 0x0000_0000_1000_0000n,
  },
};
