// Kernels from 6.13 on check ELF files in the steps of elf_validity_cache_copy(); the types of string tables only later ones.
// What a booted 6.16.12 and 7.1.13 say of such files was compared with the simulation by insmod-lens check --boot.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Patch } from '../../../kernel/lib/recipe';
import type { KoFile } from '../../../kernel/lib/koFile';
import { loadInside } from '../../../support/loading';
import { factsOf, fixture, moduleFile } from '../../../support/recorded';

const SHT_NOTE = 7;

function firstLine(release: string, patches: (ko: KoFile) => readonly Patch[]): string | undefined {
  const ko = fixture('7.2', 'minimal');
  const { load } = loadInside({ ...factsOf('7.2'), release }, moduleFile(ko, patches(ko)).bytes);
  return load.log[0]?.text;
}

const sectionZeroAndNoNames = (ko: KoFile): Patch[] => [
  ko.setShdr(0, 'sh_type', SHT_NOTE),
  ko.setEhdr('e_shstrndx', 0),
];
const namesOfAnotherType = (ko: KoFile): Patch[] => [ko.setShdr(ko.section('.shstrtab').index, 'sh_type', SHT_NOTE)];
const symbolNamesOfAnotherType = (ko: KoFile): Patch[] => [
  ko.setShdr(ko.section('.strtab').index, 'sh_type', SHT_NOTE),
];

test('section 0 comes before the names of sections', () => {
  assert.match(firstLine('6.12.100', sectionZeroAndNoNames) ?? '', /^Invalid ELF section name index/);
  for (const release of ['6.13.0', '6.16.12', '7.2.12'])
    assert.match(firstLine(release, sectionZeroAndNoNames) ?? '', /^ELF Spec violation: section 0 type\(7\)/, release);
});

test('a table of names is one by its type from 7.2 on', () => {
  for (const release of ['6.16.12', '7.1.13']) {
    assert.doesNotMatch(firstLine(release, namesOfAnotherType) ?? '', /table type/, release);
    assert.doesNotMatch(firstLine(release, symbolNamesOfAnotherType) ?? '', /table type/, release);
  }
  assert.match(firstLine('7.2.12', namesOfAnotherType) ?? '', /^Invalid ELF section name table type: 7/);
  assert.match(firstLine('7.2.12', symbolNamesOfAnotherType) ?? '', /^Invalid ELF symbol string table type: 7/);
});
