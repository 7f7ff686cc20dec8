// x86_64 (arch/x86).
import { EM_X86_64, GLOBAL_OFFSET_TABLE } from '../../../formats/elf/constants';
import type { Arch } from '../../kernel/module/types';
import { COMMON_PREFIXES, nothingToDo, pages4K } from '../arch';
import { codeMarks } from './codeMarks';
import { accessOf } from './accessKind';
import { applyRelocateAdd } from './applyRelocateAdd';
import { eachBranch } from './branches';
import { X86_64_GOT } from './foreignGot';
import { customSet } from './customSet';
import { extable, PATCH_TABLES } from './patchTables';
import { RELOCATIONS } from './relocations';

export const x86_64: Arch = {
  name: 'x86_64',
  machines: [EM_X86_64],
  is64: true,
  littleEndian: true,
  elfCheckArch: null,
  moduleElfCheckArch: null,
  isConfigured: config => config['X86_64'] === 'y',
  pageSize: pages4K,
  vermagic: () => '',
  prel32Exports: true,
  retpoline: true,
  // Assemblers leave it undefined in position-independent code.
  ignoredUndefined: [GLOBAL_OFFSET_TABLE],
  // Documentation/arch/x86/x86_64/mm.rst. Any address in the top 2 GiB behaves the same in every relocation check.
  addresses: () => ({
    kernelText: 0xffff_ffff_8100_0000n,
    modules: 0xffff_ffff_c000_0000n,
    moduleText: 0xffff_ffff_c040_0000n,
    moduleArea: 0x6000_0000,
    temporaryCopy: 0xffff_c900_0020_0000n,
    // Per-cpu addresses counted from zero before 6.15.
    percpu: 0x2_0000n,
    heap: 0xffff_8880_1000_0000n,
  }),
  frobArchSections: nothingToDo,
  moduleFinalize: nothingToDo,
  patchTables: PATCH_TABLES,
  extable: rows => extable(rows, true),
  codeMarks,
  sectionPrefixes: COMMON_PREFIXES,
  applyRelocate: 'unsupported',
  applyRelocateAdd,
  relocationTypes: new Map(RELOCATIONS.map(row => [row.type, row])),
  foreignGot: X86_64_GOT,
  code: { accessOf, eachBranch },
  customSet,
};
