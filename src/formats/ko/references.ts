// Which places of a module refer to what: every relocation of its code and data, by symbol or by the place it means.
import { EM_X86_64, SHF_ALLOC, STT_SECTION } from '../elf/constants';
import { MOST_ENTRIES } from '../bytes/strings';
import type { SectionIndex } from '../elf/header';
import { placeOf, type Place, type Relocations } from '../elf/relocations';
import type { Container, ObjectFile } from './objectFile';

/** One relocation. */
export interface Reference {
  readonly section: SectionIndex;
  readonly sectionName: string;
  /** Of the relocated field; bytes from the start of the section. */
  readonly offset: number;
  readonly place: Place;
  /** Type of the relocation, by the number of the machine. */
  readonly type: number;
  /** The function or object the field belongs to. */
  readonly container: Container | null;
}

/** Sections the compiler and objtool add beside the code: they repeat addresses and use nothing themselves. */
const BOOKKEEPING =
  /^(?:\.orc_unwind|__mcount_loc|\.return_sites|\.retpoline_sites|\.call_sites|\.ibt_endbr_seal|\.smp_locks|\.altinstructions|\.altinstr_aux|\.parainstructions|__jump_table|__bug_table|__ex_table|__patchable_function_entries|\.static_call_sites|\.discard|\.eh_frame|__ksymtab|___ksymtab|__kcrctab|__versions|\.gnu\.linkonce\.this_module|\.note|\.exitcall|\.initcall)/;

/** R_X86_64_PC32 and R_X86_64_PLT32: relative to the end of the field, so their addend is 4 less than what is meant. */
const RELATIVE_X86_64: readonly number[] = [2, 4];

/** References to each of some undefined symbols, in the order of the file. */
export function referencesToUndefined(object: ObjectFile, names: ReadonlySet<string>): Map<string, Reference[]> {
  const found = new Map<string, Reference[]>();
  const { symbols } = object;
  const wanted = new Map<number, string>();
  for (let i = 1; i < symbols.count; i++) {
    if (symbols.section(i) !== 0 || !symbols.hasName(i)) continue;
    const name = symbols.name(i);
    if (names.has(name)) wanted.set(i, name);
    if (wanted.size === MOST_ENTRIES) break;
  }
  if (wanted.size === 0) return found;
  eachUse(object, (section, table, i) => {
    const name = wanted.get(table.symbol(i));
    if (name === undefined) return;
    const reference = referenceAt(object, section, table, i);
    const list = found.get(name);
    if (list) list.push(reference);
    else found.set(name, [reference]);
  });
  return found;
}

/**
 * Calls `use` for every relocation of code and data that refers to a place in the module, with that place. `wants` is
 * asked first, by sections: there are hundreds of thousands of relocations, and few are interesting.
 */
export function eachReference(
  object: ObjectFile,
  wants: (from: SectionIndex, to: SectionIndex) => boolean,
  use: (reference: Reference, target: Place) => void,
): void {
  eachTarget(object, wants, (section, table, i, target) => use(referenceAt(object, section, table, i), target));
}

/** As {@link eachReference}, with the relocation as the file has it: number `index` of a table. */
export function eachTarget(
  object: ObjectFile,
  wants: (from: SectionIndex, to: SectionIndex) => boolean,
  use: (section: SectionIndex, table: Relocations, index: number, target: Place) => void,
): void {
  const { symbols } = object;
  eachUse(object, (section, table, i) => {
    const to = symbols.section(table.symbol(i));
    if (to === 0 || !wants(section, to)) return;
    const target = targetOf(object, table, i);
    if (target !== null) use(section, table, i, target);
  });
}

/** The place a relocation refers to; null for an undefined symbol or one without a section. */
export function targetOf(object: ObjectFile, table: Relocations, index: number): Place | null {
  const { symbols } = object;
  const symbol = table.symbol(index);
  const section = symbols.section(symbol);
  if (section === 0 || section >= object.sections.shdrs.length) return null;
  const isRelative = object.machine === EM_X86_64 && RELATIVE_X86_64.includes(table.type(index));
  // Behind the name of a symbol the addend selects a part of it; behind a section it is all there is.
  const addend = symbols.type(symbol) === STT_SECTION ? table.addend(index) + (isRelative ? 4 : 0) : 0;
  const offset = symbols.value(symbol) + addend;
  return offset >= 0 && offset < 0x1_0000_0000 ? placeOf(section, offset) : null;
}

/** The relocation that the loader would name by section of relocations and number of the entry. */
export function referenceOfEntry(object: ObjectFile, relocationSection: SectionIndex, index: number): Reference | null {
  const target = object.sections.shdrs[relocationSection]?.sh_info;
  const table = target === undefined ? undefined : object.relocations.get(target);
  if (target === undefined || !table || index >= table.count) return null;
  return referenceAt(object, target, table, index);
}

function eachUse(object: ObjectFile, use: (section: SectionIndex, table: Relocations, index: number) => void): void {
  for (const [section, table] of object.relocations) {
    const shdr = object.sections.shdrs[section];
    if (!shdr || !(shdr.sh_flags & SHF_ALLOC) || BOOKKEEPING.test(object.sectionNames[section] ?? '')) continue;
    for (let i = 0; i < table.count; i++) use(section, table, i);
  }
}

function referenceAt(object: ObjectFile, section: SectionIndex, table: Relocations, index: number): Reference {
  const offset = table.offset(index);
  const place = placeOf(section, offset);
  return {
    section,
    sectionName: object.sectionNames[section] ?? '',
    offset,
    place,
    type: table.type(index),
    container: object.containerAt(place),
  };
}
