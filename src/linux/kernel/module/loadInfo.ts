// Reading the pieces of a load_info: names, sections, .modinfo.
import { cString, nameString, startsWithBytes, stringEnd, toBytes } from '../../../formats/bytes/strings';
import { SHF_ALLOC } from '../../../formats/elf/constants';
import type { SectionIndex } from '../../../formats/elf/header';
import type { LoadedSection, LoadInfo } from './types';

/** What 5.10 and later print where a module's name is not known yet. */
export const NAME_UNKNOWN = '(missing .modinfo section or name field)';

export function newLoadInfo(bytes: Uint8Array): LoadInfo {
  return {
    bytes,
    len: bytes.length,
    ehdr: { e_type: 0, e_machine: 0, e_entry: 0n, e_shoff: 0, e_flags: 0, e_shentsize: 0, e_shnum: 0, e_shstrndx: 0 },
    sechdrs: [],
    secstrings: 0,
    names: new Map(),
    sections: new Map(),
    values: new Map(),
    strtab: 0,
    name: '',
    index: { sym: 0, str: 0, mod: 0, vers: 0, info: 0, pcpu: 0, versExtCrc: 0, versExtName: 0 },
    sigOk: false,
  };
}

/** Name of a section, as a byte string. */
export function sectionName(info: LoadInfo, section: LoadedSection): string {
  const at = info.secstrings + section.sh_name;
  let name = info.names.get(at);
  // Asked for dozens of times, of perhaps thousands of sections.
  if (name === undefined) info.names.set(at, (name = nameString(info.bytes, at)));
  return name;
}

/** find_sec(): the first section with SHF_ALLOC and that name, or 0. */
export function findSec(info: LoadInfo, name: string): SectionIndex {
  return sectionsNamed(info, name).find(section => section.sh_flags & SHF_ALLOC)?.index ?? 0;
}

/** Sections of that name in the order of the file. */
function sectionsNamed(info: LoadInfo, name: string): readonly LoadedSection[] {
  if (info.sections.size === 0)
    for (const section of info.sechdrs) {
      if (section.index === 0) continue;
      const own = sectionName(info, section);
      const list = info.sections.get(own);
      if (list) list.push(section);
      else info.sections.set(own, [section]);
    }
  return info.sections.get(name) ?? [];
}

/** find_any_sec() of a section that must be alone: its index, 0 when absent, -1 when there are several. */
export function findAnyUniqueSec(info: LoadInfo, name: string): SectionIndex {
  const found = sectionsNamed(info, name);
  return found.length > 1 ? -1 : (found[0]?.index ?? 0);
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

/**
 * for_each_modinfo_entry(): the values of a tag, in order. Entries begin inside the section, the first one even when
 * the section is empty, and end at a NUL wherever that is.
 */
export function infoValues(info: LoadInfo, tag: string): readonly string[] {
  let values = info.values.get(tag);
  // Every symbol of a namespace asks which are imported.
  if (!values) info.values.set(tag, (values = readValues(info, tag, Infinity)));
  return values;
}

function readValues(info: LoadInfo, tag: string, most: number): string[] {
  const { bytes } = info;
  const prefix = toBytes(`${tag}=`);
  const section = info.sechdrs[Math.max(0, info.index.info)];
  const values: string[] = [];
  if (!section) return values;
  let at = section.sh_offset;
  // next_string() gives up once this many characters are passed.
  const end = at + section.sh_size - 1;
  while (at < bytes.length && values.length < most) {
    if (startsWithBytes(bytes, at, prefix)) values.push(cString(bytes, at + prefix.length));
    at = stringEnd(bytes, at);
    while (at < bytes.length && bytes[at] === 0) at++;
    if (at > end) break;
  }
  return values;
}

/** find_any_sec(): the first section of that name, whatever its flags, or 0. */
export function findAnySec(info: LoadInfo, name: string): SectionIndex {
  return sectionsNamed(info, name)[0]?.index ?? 0;
}
