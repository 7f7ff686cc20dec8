// Modules as compilers made them until binutils 2.31, for kernels before 4.16, which know no R_X86_64_PLT32.
import type { ModuleFile } from '../../src/index';
import { fixture, moduleFile, type Generation } from './recorded';

const R_X86_64_PC32 = 2;
const R_X86_64_PLT32 = 4;

/** A fixture whose calls are R_X86_64_PC32, which means the same in a module. */
export function withoutPlt32(generation: Generation, name: string): ModuleFile {
  const ko = fixture(generation, name);
  const patches = ['.rela.text', '.rela.init.text', '.rela.exit.text']
    .filter(section => ko.hasSection(section))
    .flatMap(section =>
      Array.from({ length: ko.relaCount(section) }, (_, i) => i)
        .filter(i => ko.rela(section, i).r_type === R_X86_64_PLT32)
        .map(i => ko.setRela(section, i, 'r_type', R_X86_64_PC32)),
    );
  return moduleFile(ko, patches);
}
