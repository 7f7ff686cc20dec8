// Reading the pieces of a load_info: names, sections, .modinfo.
import { cString, stringEnd } from '../../../formats/bytes/strings';
import type { SymbolNames } from '../../../formats/ko/symbolNames';
import { SHF_ALLOC } from '../../../formats/elf/constants';
import type { SectionIndex } from '../../../formats/elf/header';
import type { LoadedSection, LoadInfo } from './types';

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
    sections: null,
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

/** find_sec(): the first section with SHF_ALLOC and that name, or 0. */
export function findSec(info: LoadInfo, name: string): SectionIndex {
  const found = sectionsByName(info).get(name);
  if (found === undefined) return 0;
  if (Array.isArray(found)) return found.find(section => section.sh_flags & SHF_ALLOC)?.index ?? 0;
  return found.sh_flags & SHF_ALLOC ? found.index : 0;
}

/** Whether two sections have the same name. */
export function repeatsNames(info: LoadInfo): boolean {
  for (const found of sectionsByName(info).values()) if (Array.isArray(found)) return true;
  return false;
}

function sectionsByName(info: LoadInfo): NonNullable<LoadInfo['sections']> {
  if (info.sections) return info.sections;
  const sections: NonNullable<LoadInfo['sections']> = new Map();
  for (const section of info.sechdrs) {
    if (section.index === 0) continue;
    const name = sectionName(info, section);
    const known = sections.get(name);
    if (known === undefined) sections.set(name, section);
    else if (Array.isArray(known)) known.push(section);
    else sections.set(name, [known, section]);
  }
  return (info.sections = sections);
}

/** find_any_sec() of a section that must be alone: its index, 0 when absent, -1 when there are several. */
export function findAnyUniqueSec(info: LoadInfo, name: string): SectionIndex {
  const found = sectionsByName(info).get(name);
  return Array.isArray(found) ? -1 : (found?.index ?? 0);
}

/** The bytes of the file that a section header names, whatever its type; none for index 0. */
export function sectionBytes(info: LoadInfo, index: SectionIndex): Uint8Array {
  const section = info.sechdrs[index];
  if (!section || index === 0) return new Uint8Array(0);
  return info.bytes.subarray(section.sh_offset, section.sh_offset + section.sh_size);
}

/** get_modinfo(): the first value of a tag, or null. */
export function getInfo(info: LoadInfo, tag: string): string | null {
  return readValues(info, tag, 1)[0] ?? null;
}

/** for_each_modinfo_entry(): the values of a tag, in order. */
export function infoValues(info: LoadInfo, tag: string): readonly string[] {
  return readValues(info, tag, Infinity);
}

function readValues(info: LoadInfo, tag: string, most: number): string[] {
  const { bytes } = info;
  const values: string[] = [];
  info.modinfo ??= modinfoEntries(info);
  for (const at of info.modinfo) {
    let i = 0;
    while (i < tag.length && bytes[at + i] === tag.charCodeAt(i)) i++;
    if (i < tag.length || bytes[at + i] !== EQUALS) continue;
    values.push(cString(bytes, at + i + 1));
    if (values.length === most) break;
  }
  return values;
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

/** find_any_sec(): the first section of that name, whatever its flags, or 0. */
export function findAnySec(info: LoadInfo, name: string): SectionIndex {
  const found = sectionsByName(info).get(name);
  return (Array.isArray(found) ? found[0]?.index : found?.index) ?? 0;
}
