// arm64 (arch/arm64).
import { EM_AARCH64 } from '../../../formats/elf/constants';
import type { Arch } from '../../kernel/module/types';
import { COMMON_PREFIXES } from '../arch';
import { namesOf, typesOf } from '../rows';
import { unsimulated } from '../unsimulated';
import { codeMarks } from './codeMarks';
import { applyRelocateAdd } from './applyRelocateAdd';
import { frobArchSections } from './frobArchSections';
import { moduleFinalize } from './moduleFinalize';
import { RELOCATIONS } from './relocations';

export const arm64: Arch = {
  ...unsimulated,
  name: 'arm64',
  machines: [EM_AARCH64],
  is64: true,
  littleEndian: true,
  isConfigured: config => config['ARM64'] === 'y' && config['CPU_BIG_ENDIAN'] !== 'y',
  pageSize: config => (config['ARM64_64K_PAGES'] ? 65536 : config['ARM64_16K_PAGES'] ? 16384 : 4096),
  vermagic: () => 'aarch64',
  prel32Exports: true,
  retpoline: false,
  ignoredUndefined: [],
  // arch/arm64/include/asm/memory.h, for 48 bits of virtual addresses.
  addresses: () => ({
    kernelText: 0xffff_8000_0801_0000n,
    modules: 0xffff_8000_0100_0000n,
    moduleText: 0xffff_8000_0140_0000n,
    moduleArea: 0x0700_0000,
    temporaryCopy: 0xffff_8000_1000_0000n,
    percpu: 0xffff_8000_0980_0000n,
    heap: 0xffff_0000_1000_0000n,
  }),
  frobArchSections,
  moduleFinalize,
  patchTables: [
    { section: '.altinstructions', by: 'apply_alternatives_module', does: 'patches-alternatives', config: [] },
    { section: '.init.eh_frame', by: 'scs_patch', does: 'patches-scs', config: ['UNWIND_PATCH_PAC_INTO_SCS'] },
  ],
  // arch/arm64/include/asm/extable.h
  extable: rows => {
    if (rows.has('extableTyped')) return { size: 12, relative: true };
    return rows.has('extableRelativeArm64') ? { size: 8, relative: true } : { size: 16, relative: false };
  },
  codeMarks,
  sectionPrefixes: COMMON_PREFIXES,
  applyRelocate: 'unsupported',
  applyRelocateAdd,
  relocationTypes: typesOf(RELOCATIONS),
  foreignGot: namesOf('R_AARCH64_', {
    GOTREL64: 307,
    GOTREL32: 308,
    GOT_LD_PREL19: 309,
    LD64_GOTOFF_LO15: 310,
    ADR_GOT_PAGE: 311,
    LD64_GOT_LO12_NC: 312,
    LD64_GOTPAGE_LO15: 313,
  }),
};
