// Module memory as code of the module may use it when its parameters are set.
import { ByteReader } from '../../../formats/bytes/byteReader';
import type { Area } from './cpu/memory';
import { SHF_ALLOC, SHF_EXECINSTR, SHF_WRITE, SHT_RELA } from '../../../formats/elf/constants';
import { R_X86_64_64 } from './relocations';
import { sectionName } from '../../kernel/module/loadInfo';
import type { Load, LoadedSection } from '../../kernel/module/types';

/** Other sections the kernel reads and changes itself: struct module, keys, trace points, tables of exports. */
const OWN_DATA = /^(?:\.(?:init|exit|ref))?\.(?:data|rodata|bss)(?:\.|$)|^__param$/;

/** complete_formation() made text executable, and text and constants read-only, before parameters are parsed. */
export function moduleAreas(load: Load): Area[] {
  const areas: Area[] = [];
  for (const section of load.info.sechdrs) {
    const { place, sh_flags, sh_size } = section;
    const executable = (sh_flags & SHF_EXECINSTR) !== 0;
    if (!place || !(sh_flags & SHF_ALLOC)) continue;
    if (!executable && !OWN_DATA.test(sectionName(load.info, section))) continue;
    const bytes = place.region.image.subarray(place.offset, place.offset + sh_size);
    const writable = (sh_flags & SHF_WRITE) !== 0 && !executable;
    areas.push({ base: section.sh_addr, bytes, length: bytes.length, writable, executable, kept: true });
  }
  return areas;
}

/** Tables of places in text that the kernel rewrites for the machine it runs on, and for keys that are on. */
const PATCHES: readonly string[] = ['__jump_table', '.altinstructions', '.parainstructions', '.static_call_sites'];

/**
 * Addresses that those tables name, read through their relocations: how their entries look has changed too often.
 * Among them are targets of jumps, which is more than need be.
 */
export function patchedPlaces(load: Load): ReadonlySet<bigint> {
  const places = new Set<bigint>();
  const { info } = load;
  for (const section of info.sechdrs) {
    const target = info.sechdrs[section.sh_info];
    if (section.sh_type !== SHT_RELA || !target?.place || !PATCHES.includes(sectionName(info, target))) continue;
    readPlaces(info.bytes, section, target, places);
  }
  return places;
}

function readPlaces(file: Uint8Array, section: LoadedSection, target: LoadedSection, places: Set<bigint>): void {
  const entries = new ByteReader(file.subarray(section.sh_offset, section.sh_offset + section.sh_size), true);
  const place = target.place;
  if (!place) return;
  const contents = new ByteReader(place.region.image.subarray(place.offset, place.offset + target.sh_size), true);
  for (let at = 0; at + 24 <= entries.length; at += 24) {
    const offset = entries.size64(at);
    const absolute = entries.u32(at + 8) === R_X86_64_64;
    places.add(absolute ? contents.u64(offset) : target.sh_addr + BigInt(offset + contents.i32(offset)));
  }
}
