// Reading the pieces of a load_info: names, sections, .modinfo.
import { cString } from '../bytes/strings';
import { SHF_ALLOC, SHT_NOBITS } from '../elf/constants';
import type { SectionIndex } from '../elf/header';
import { getModinfo, modinfoValues } from '../ko/modinfo';
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
    strtab: 0,
    name: '',
    index: { sym: 0, str: 0, mod: 0, vers: 0, info: 0, pcpu: 0, versExtCrc: 0, versExtName: 0 },
    modinfo: new Uint8Array(0),
    sigOk: false,
  };
}

/** Name of a section, as a byte string. */
export function sectionName(info: LoadInfo, section: LoadedSection): string {
  return cString(info.bytes, info.secstrings + section.sh_name);
}

/** find_sec(): the first section with SHF_ALLOC and that name, or 0. */
export function findSec(info: LoadInfo, name: string): SectionIndex {
  for (const section of info.sechdrs)
    if (section.index > 0 && section.sh_flags & SHF_ALLOC && sectionName(info, section) === name) return section.index;
  return 0;
}

/** find_any_sec() of a section that must be alone: its index, 0 when absent, -1 when there are several. */
export function findAnyUniqueSec(info: LoadInfo, name: string): SectionIndex {
  let found = 0;
  for (const section of info.sechdrs) {
    if (section.index === 0 || sectionName(info, section) !== name) continue;
    if (found > 0) return -1;
    found = section.index;
  }
  return found;
}

/** The bytes of a section in the file; empty for SHT_NOBITS and index 0. */
export function sectionBytes(info: LoadInfo, index: SectionIndex): Uint8Array {
  const section = info.sechdrs[index];
  if (!section || index === 0 || section.sh_type === SHT_NOBITS) return new Uint8Array(0);
  return info.bytes.subarray(section.sh_offset, section.sh_offset + section.sh_size);
}

/** get_modinfo(): the first value of a tag, or null. */
export function getInfo(info: LoadInfo, tag: string): string | null {
  return getModinfo(info.modinfo, tag);
}

/** for_each_modinfo_entry(): every value of a tag, in order. */
export function infoValues(info: LoadInfo, tag: string): string[] {
  return modinfoValues(info.modinfo, tag);
}

/** find_any_sec(): the first section of that name, whatever its flags, or 0. */
export function findAnySec(info: LoadInfo, name: string): SectionIndex {
  for (const section of info.sechdrs)
    if (section.index > 0 && sectionName(info, section) === name) return section.index;
  return 0;
}
