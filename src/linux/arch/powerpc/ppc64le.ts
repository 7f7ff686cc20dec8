// 64-bit PowerPC, little-endian, ELFv2 ABI (arch/powerpc), for kernels without prefixed instructions.
import { EM_PPC64 } from '../../../formats/elf/constants';
import type { Arch } from '../../kernel/module/types';
import { COMMON_PREFIXES } from '../arch';
import { typesOf } from '../rows';
import { unsimulated } from '../unsimulated';
import { applyRelocateAdd, DOT_TOC } from './applyRelocateAdd';
import { RELOCATIONS } from './relocations';
import { frobArchSections, moduleFinalize } from './stubs';

export const ppc64le: Arch = {
  ...unsimulated,
  name: 'ppc64le',
  machines: [EM_PPC64],
  is64: true,
  littleEndian: true,
  isConfigured: config => config['PPC64'] === 'y' && config['CPU_LITTLE_ENDIAN'] === 'y',
  pageSize: config => (config['PPC_64K_PAGES'] ? 65536 : 4096),
  vermagic: config => {
    const mprofile = config['MPROFILE_KERNEL'] ? 'mprofile-kernel ' : '';
    const ftrace = config['ARCH_USING_PATCHABLE_FUNCTION_ENTRY'] ? 'patchable-function-entry ' : mprofile;
    return ftrace + (config['RELOCATABLE'] ? 'relocatable ' : '');
  },
  prel32Exports: false,
  retpoline: false,
  // module_frob_arch_sections() makes it absolute.
  ignoredUndefined: [DOT_TOC],
  // EF_PPC64_ABI: 2 for ELFv2.
  moduleElfCheckArch: ({ e_flags }) => (e_flags & 3) === 2,
  // arch/powerpc/include/asm/book3s/64/radix.h
  addresses: () => ({
    kernelText: 0xc000_0000_0001_0000n,
    modules: 0xc008_0000_0000_0000n,
    moduleText: 0xc008_0000_0040_0000n,
    moduleArea: 0x6000_0000,
    temporaryCopy: 0xc008_0000_7000_0000n,
    percpu: 0xc000_0000_0200_0000n,
    heap: 0xc000_0000_1000_0000n,
  }),
  frobArchSections,
  moduleFinalize,
  patchTables: [
    { section: '__ftr_fixup', by: 'do_feature_fixups', does: 'patches-features', config: [] },
    { section: '__mmu_ftr_fixup', by: 'do_feature_fixups', does: 'patches-features', config: [] },
    { section: '__fw_ftr_fixup', by: 'do_feature_fixups', does: 'patches-features', config: [] },
    { section: '__lwsync_fixup', by: 'do_lwsync_fixups', does: 'patches-features', config: [] },
  ],
  // arch/powerpc/include/asm/extable.h
  extable: rows => (rows.has('extableRelativePowerpc') ? { size: 8, relative: true } : { size: 16, relative: false }),
  // Nothing of a module lies in init memory.
  sectionPrefixes: { ...COMMON_PREFIXES, init: [] },
  applyRelocate: 'unsupported',
  applyRelocateAdd,
  relocationTypes: typesOf(RELOCATIONS),
};
