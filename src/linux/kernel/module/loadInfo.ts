// Reading the pieces of a load_info: names, sections, .modinfo.
import { cString, stringEnd } from '../../../formats/bytes/strings';
import type { SymbolId, SymbolNames } from '../../../formats/ko/symbolNames';
import { SHF_ALLOC } from '../../../formats/elf/constants';
import type { SectionIndex } from '../../../formats/elf/header';
import type { Load, LoadedSection, LoadInfo } from './types';

/** What 5.10 and later print where a module's name is not known yet. */
export const NAME_UNKNOWN = '(missing .modinfo section or name field)';

export function newLoadInfo(bytes: Uint8Array, names: SymbolNames): LoadInfo {
  return {
    bytes,
    len: bytes.length,
    ehdr: { e_type: 0, e_machine: 0, e_entry: 0n, e_shoff: 0, e_flags: 0, e_shentsize: 0, e_shnum: 0, e_shstrndx: 0 },
    sechdrs: [],
    secstrings: 0,
    names,
    words: null,
    sectionNames: null,
    modinfo: null,
    strtab: 0,
    name: '',
    index: { sym: 0, str: 0, mod: 0, vers: 0, info: 0, pcpu: 0, versExtCrc: 0, versExtName: 0 },
    sigOk: false,
  };
}

/** Name of a section, as a byte string. */
export function sectionName(info: LoadInfo, section: LoadedSection): string {
  // Asked for dozens of times, of perhaps thousands of sections.
  return (section.name ??= info.names.textAt(info.bytes, info.secstrings + section.sh_name));
}

/** Ids of the names of all sections, by index. */
function sectionNames(info: LoadInfo): Int32Array {
  if (info.sectionNames) return info.sectionNames;
  const { sechdrs, names, bytes, secstrings } = info;
  const ids = new Int32Array(sechdrs.length);
  for (let index = 1; index < sechdrs.length; index++)
    ids[index] = names.addAt(bytes, secstrings + (sechdrs[index]?.sh_name ?? 0));
  return (info.sectionNames = ids);
}

/** find_sec(): the first section with SHF_ALLOC and that name, or 0. */
export function findSec(info: LoadInfo, name: string): SectionIndex {
  const id = info.names.addName(name);
  const ids = sectionNames(info);
  for (let index = 1; index < ids.length; index++)
    if (ids[index] === id && (info.sechdrs[index]?.sh_flags ?? 0) & SHF_ALLOC) return index;
  return 0;
}

/** section_addr(): where the section is in memory; 0, which the kernel takes for not there, in a region without memory, too. */
export function sectionAddr(info: LoadInfo, name: string): bigint {
  return info.sechdrs[findSec(info, name)]?.sh_addr ?? 0n;
}

/** find_any_sec(): the first section of that name, whatever its flags, or 0. */
export function findAnySec(info: LoadInfo, name: string): SectionIndex {
  return nextSec(info, info.names.addName(name), 1);
}

/** find_any_sec() of a section that must be alone: its index, 0 when absent, -1 when there are several. */
export function findAnyUniqueSec(info: LoadInfo, name: string): SectionIndex {
  const id = info.names.addName(name);
  const first = nextSec(info, id, 1);
  return first !== 0 && nextSec(info, id, first + 1) !== 0 ? -1 : first;
}

function nextSec(info: LoadInfo, id: SymbolId, from: SectionIndex): SectionIndex {
  const ids = sectionNames(info);
  for (let index = from; index < ids.length; index++) if (ids[index] === id) return index;
  return 0;
}

/** Whether two sections have the same name. */
export function repeatsNames(info: LoadInfo): boolean {
  return !info.names.areDistinct(sectionNames(info), 1);
}

/** The bytes of the file that a section header names, whatever its type; none for index 0. */
export function sectionBytes(info: LoadInfo, index: SectionIndex): Uint8Array {
  const section = info.sechdrs[index];
  if (!section || index === 0) return new Uint8Array(0);
  return info.bytes.subarray(section.sh_offset, section.sh_offset + section.sh_size);
}

/** get_modinfo(): the first value of a tag, or null. */
export function getInfo(info: LoadInfo, tag: string): string | null {
  for (const at of entriesOf(info)) {
    const value = valueAt(info, at, tag);
    if (value >= 0) return cString(info.bytes, value);
  }
  return null;
}

/** What the vermagic of a module says that it was built for, null when it names nothing, and what it is loaded into. */
export function releases({ info, facts }: Pick<Load, 'info' | 'facts'>): { built: string | null; target: string } {
  const built = getInfo(info, 'vermagic')?.trim().split(' ', 1)[0] ?? '';
  return { built: built === '' ? null : built, target: facts.release };
}

/** for_each_modinfo_entry(): the values of a tag, in order. */
export function infoValues(info: LoadInfo, tag: string): readonly string[] {
  const values: string[] = [];
  for (const at of entriesOf(info)) {
    const value = valueAt(info, at, tag);
    if (value >= 0) values.push(cString(info.bytes, value));
  }
  return values;
}

function entriesOf(info: LoadInfo): readonly number[] {
  return (info.modinfo ??= modinfoEntries(info));
}

/** Where the value of the entry at `at` begins, -1 when its tag is another. */
function valueAt({ bytes }: LoadInfo, at: number, tag: string): number {
  const { length } = tag;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== tag.charCodeAt(i)) return -1;
  return bytes[at + length] === EQUALS ? at + length + 1 : -1;
}

const EQUALS = 0x3d;

/** Entries begin inside the section, the first one even when the section is empty, and end at a NUL wherever that is. */
function modinfoEntries(info: LoadInfo): number[] {
  const { bytes } = info;
  const section = info.sechdrs[Math.max(0, info.index.info)];
  const entries: number[] = [];
  if (!section) return entries;
  let at = section.sh_offset;
  // next_string() gives up once this many characters are passed.
  const end = at + section.sh_size - 1;
  while (at < bytes.length) {
    entries.push(at);
    at = stringEnd(bytes, at);
    while (at < bytes.length && bytes[at] === 0) at++;
    if (at > end) break;
  }
  return entries;
}
