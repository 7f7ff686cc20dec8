// layout_sections(): core sections, then init sections, five passes each, in the order of the file.
import { SHF_ALLOC, SHF_EXECINSTR, SHF_RO_AFTER_INIT, SHF_WRITE } from '../../../formats/elf/constants';
import { sectionName } from './loadInfo';
import { pad, place, type Regions, type RegionType } from './regions';
import type { Load, LoadedSection } from './types';

/** What a pass of layout_sections() takes: sections with all of `required` and none of `excluded`. */
interface Mask {
  readonly required: number;
  readonly excluded: number;
  /** Indices into the regions by type, for core and for init sections; null takes nothing. */
  readonly core: RegionType;
  readonly init: RegionType | null;
  /** Where the older layouts pad to a page after this pass. */
  readonly padded: boolean;
}

const MASKS: readonly Mask[] = [
  { required: SHF_EXECINSTR | SHF_ALLOC, excluded: 0, core: 'TEXT', init: 'INIT_TEXT', padded: true },
  { required: SHF_ALLOC, excluded: SHF_WRITE, core: 'RODATA', init: 'INIT_RODATA', padded: true },
  { required: SHF_RO_AFTER_INIT | SHF_ALLOC, excluded: 0, core: 'RO_AFTER_INIT', init: null, padded: true },
  { required: SHF_WRITE | SHF_ALLOC, excluded: 0, core: 'DATA', init: 'INIT_DATA', padded: false },
  // ARCH_SHF_SMALL is 0 on every architecture here, so the last pass takes what no other did, and pads at the end.
  { required: SHF_ALLOC, excluded: 0, core: 'DATA', init: 'INIT_DATA', padded: true },
];

/** Up to 6.3 one region holds all kinds, and where each ends decides what it may do. */
function noteEnd(load: Load, regions: Regions, init: boolean, { core }: Mask): void {
  if (load.features.regionsByType) return;
  const region = regions.of(init ? 'INIT_DATA' : 'DATA');
  const { size } = region;
  if (core === 'TEXT') region.ends = { text: size, roData: size, readOnly: size };
  else if (region.ends && core === 'RODATA') region.ends = { ...region.ends, roData: size, readOnly: size };
  else if (region.ends && core === 'RO_AFTER_INIT') region.ends = { ...region.ends, readOnly: size };
}

export function layoutSections(load: Load, regions: Regions): void {
  const core: LoadedSection[] = [];
  const init: LoadedSection[] = [];
  for (const section of load.info.sechdrs)
    if (section.sh_flags & SHF_ALLOC)
      (isInitSection(load, sectionName(load.info, section)) ? init : core).push(section);
  layoutPart(load, regions, core, false);
  layoutPart(load, regions, init, true);
}

function layoutPart(load: Load, regions: Regions, sections: readonly LoadedSection[], init: boolean): void {
  for (const mask of MASKS) {
    if (mask.required & SHF_RO_AFTER_INIT && !load.features.roAfterInit) continue;
    const type = init ? mask.init : mask.core;
    const region = regions.of(type ?? 'INIT_DATA');
    // 6.4 and later have no ro-after-init memory for init sections: a later pass takes them.
    if (type !== null || !load.features.regionsByType) {
      for (const section of sections) {
        if (section.place !== null || !takes(mask, section)) continue;
        const name = sectionName(load.info, section);
        section.place = { region, offset: place(region, name, section.sh_size, section.sh_addralign || 1) };
      }
    }
    // Init memory takes the size of its rodata for ro-after-init, without padding again.
    if (mask.padded && type !== null) pad(load.features, region);
    noteEnd(load, regions, init, mask);
  }
}

function takes(mask: Mask, section: LoadedSection): boolean {
  return (section.sh_flags & mask.required) === mask.required && (section.sh_flags & mask.excluded) === 0;
}

/** module_init_layout_section(): freed after init, by name alone. */
export function isInitSection(load: Load, name: string): boolean {
  const { init, exit } = load.arch.sectionPrefixes;
  if (init.some(prefix => name.startsWith(prefix))) return true;
  // Without unloading, exit code can never run.
  return !load.features.moduleUnload && exit.some(prefix => name.startsWith(prefix));
}
