// 32-bit x86 (arch/x86).
import { EM_386, EM_486, GLOBAL_OFFSET_TABLE } from '../../../formats/elf/constants';
import type { Arch } from '../../kernel/module/types';
import { nothingToDo, pages4K } from '../arch';
import { typesOf } from '../rows';
import { unsimulated } from '../unsimulated';
import { applyRelocate, RELOCATIONS } from './applyRelocate';
import { I386_GOT } from './foreignGot';
import { extable, PATCH_TABLES } from './patchTables';

export const i386: Arch = {
  ...unsimulated,
  name: 'i386',
  machines: [EM_386, EM_486],
  is64: false,
  littleEndian: true,
  isConfigured: config => config['X86'] === 'y' && config['X86_64'] !== 'y',
  pageSize: pages4K,
  vermagic: config => {
    const family = FAMILIES.find(option => config[option]);
    return family === undefined ? '' : `${WORDS[family] ?? family.slice(1)} `;
  },
  prel32Exports: true,
  retpoline: true,
  ignoredUndefined: [GLOBAL_OFFSET_TABLE],
  // arch/x86/include/asm/pgtable_32_areas.h: modules share vmalloc space.
  addresses: () => ({
    kernelText: 0xc100_0000n,
    modules: 0xf800_0000n,
    moduleText: 0xf840_0000n,
    moduleArea: 0x0700_0000,
    temporaryCopy: 0xf780_0000n,
    percpu: 0x0002_0000n,
    heap: 0xc200_0000n,
  }),
  frobArchSections: nothingToDo,
  patchTables: PATCH_TABLES,
  extable: rows => extable(rows, false),
  applyRelocate,
  applyRelocateAdd: 'unsupported',
  relocationTypes: typesOf(RELOCATIONS),
  foreignGot: I386_GOT,
};

/** arch/x86/include/asm/vermagic.h, in its order. */
const FAMILIES = (
  'M386 M486SX M486 M586 M586TSC M586MMX MCORE2 MATOM M686 MPENTIUMII MPENTIUMIII MPENTIUMM MPENTIUM4 MK6 MK7 MK8 ' +
  'MELAN MCRUSOE MEFFICEON MWINCHIPC6 MWINCHIP3D MCYRIXIII MVIAC3_2 MVIAC7 MGEODEGX1 MGEODE_LX'
).split(' ');

/** CPU choices whose word is not simply the option's name without its M. */
const WORDS: Readonly<Record<string, string>> = { MVIAC3_2: 'VIAC3-2', MGEODE_LX: 'GEODE' };
