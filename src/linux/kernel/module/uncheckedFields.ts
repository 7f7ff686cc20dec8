// What kernels believe without a check, and may crash over: the simulation goes on, but says so.
import { note, type PlainNote } from '../../../findings/notes';
import { SHF_ALLOC, SHF_RO_AFTER_INIT, SHF_WRITE, SHN_LORESERVE, SHT_NOBITS } from '../../../formats/elf/constants';
import { uncheckedField } from '../../../findings/uncheckedField';
import { sectionBytes, sectionName } from './loadInfo';
import { nameField } from './thisModule';
import type { Load, LoadedSection } from './types';

/** A name that begins behind the end of the file; `checked` where this kernel refuses it before it looks. */
export function noteWildName(load: Load, section: LoadedSection, checked: boolean): void {
  if (checked || load.info.secstrings + section.sh_name < load.info.len) return;
  load.report(uncheckedField, {
    field: note('section-name-outside', { section: section.index, offset: section.sh_name }),
  });
}

/** .gnu.linkonce.this_module becomes the kernel's own structure; kbuild fills in nothing but the name. */
export function noteStructModule(load: Load, section: LoadedSection): void {
  const { features, facts } = load;
  const complain = (what: PlainNote): void => load.report(uncheckedField, { field: { id: what, facts: {} } });
  if (section.sh_type === SHT_NOBITS) complain('this-module-empty');
  const readOnly = !(section.sh_flags & SHF_WRITE) || (features.roAfterInit && section.sh_flags & SHF_RO_AFTER_INIT);
  if (features.strictModuleRwx && readOnly) complain('this-module-read-only');
  if (facts.structModule && section.sh_size < facts.structModule.size) complain('this-module-small');
  const { offset, size } = nameField(features.is64);
  const contents = sectionBytes(load.info, section.index);
  if (
    section.sh_type !== SHT_NOBITS &&
    (holdsMore(contents, 0, offset) || holdsMore(contents, offset + size, Infinity))
  )
    complain('this-module-content');
}

/** Whether any byte in a range is not zero. */
export function holdsMore(contents: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < contents.length && at < to; at++) if (contents[at] !== 0) return true;
  return false;
}

/** Alignments are used as they are: one that is no power of two makes sections overlap. */
export function noteAlignments(load: Load): void {
  const { sym, str } = load.info.index;
  for (const section of load.info.sechdrs) {
    const { sh_addralign: align, sh_flags, index } = section;
    // The symbol table and its names get memory whatever their flags.
    const kept = load.features.kallsyms && (index === sym || index === str);
    if ((!kept && !(sh_flags & SHF_ALLOC)) || align < 2 || Number.isInteger(Math.log2(align))) continue;
    load.report(uncheckedField, {
      field: note('section-alignment', { section: sectionName(load.info, section), align }),
    });
  }
}

/** Symbol 0 is skipped where indices are checked, but its letter is looked up like that of any other. */
export function noteNullSymbol(load: Load, st_shndx: number): void {
  if (st_shndx < load.info.sechdrs.length || st_shndx >= SHN_LORESERVE) return;
  load.report(uncheckedField, { field: note('symbol-section', { symbol: 0, section: st_shndx }) });
}

/** The first name of a symbol that begins behind the string table. */
export function noteSymbolName(load: Load, symbol: number, st_name: number, strtab: LoadedSection): void {
  load.report(uncheckedField, {
    field: note('symbol-name-outside', { symbol, offset: st_name, size: strtab.sh_size }),
  });
}
