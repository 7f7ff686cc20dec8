// layout_and_allocate(): which section goes where, how much memory of which kind, and the contents moved there.
import { SHF_ALLOC, SHF_EXECINSTR, SHF_RO_AFTER_INIT, SHF_WRITE, SHT_NOBITS } from '../../../formats/elf/constants';
import { writableExecutable } from '../../../findings/writableExecutable';
import { alignUp } from './align';
import { ENOEXEC, ENOMEM } from '../../errno';
import { layoutSymtab } from './layoutSymtab';
import { findSec, sectionName } from './loadInfo';
import { memoryTooLarge } from '../../../findings/memoryTooLarge';
import type { Errno, Load, LoadedSection, Region } from './types';
import { noteAlignments } from './uncheckedFields';

/** module_enforce_rwx_sections(): no section, allocated or not, may be both writable and executable. */
export function enforceRwxSections(load: Load): Errno {
  if (!load.features.strictModuleRwx) {
    load.skip('CONFIG_STRICT_MODULE_RWX is off, or this kernel does not have the check');
    return 0;
  }
  for (const section of load.info.sechdrs) {
    if ((section.sh_flags & (SHF_WRITE | SHF_EXECINSTR)) !== (SHF_WRITE | SHF_EXECINSTR)) continue;
    load.report(writableExecutable, {
      module: load.mod.name,
      section: sectionName(load.info, section),
      index: section.index,
    });
    return ENOEXEC;
  }
  return 0;
}

/** The per-cpu template is no module memory; ro-after-init sections are known by name. */
export function markSections(load: Load): void {
  const { info, features } = load;
  const pcpu = info.sechdrs[info.index.pcpu];
  if (pcpu) pcpu.sh_flags &= ~SHF_ALLOC;
  if (!features.roAfterInit) return;
  const names = ['.data..ro_after_init'];
  if (features.jumpTableRoAfterInit) names.push('__jump_table');
  if (features.staticCallsRoAfterInit) names.push('.static_call_sites');
  for (const name of names) {
    const section = info.sechdrs[findSec(info, name)];
    if (section && section.index !== 0) section.sh_flags |= SHF_RO_AFTER_INIT;
  }
}

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

type RegionType = 'TEXT' | 'DATA' | 'RODATA' | 'RO_AFTER_INIT' | 'INIT_TEXT' | 'INIT_DATA' | 'INIT_RODATA';

const MASKS: readonly Mask[] = [
  { required: SHF_EXECINSTR | SHF_ALLOC, excluded: 0, core: 'TEXT', init: 'INIT_TEXT', padded: true },
  { required: SHF_ALLOC, excluded: SHF_WRITE, core: 'RODATA', init: 'INIT_RODATA', padded: true },
  { required: SHF_RO_AFTER_INIT | SHF_ALLOC, excluded: 0, core: 'RO_AFTER_INIT', init: null, padded: true },
  { required: SHF_WRITE | SHF_ALLOC, excluded: 0, core: 'DATA', init: 'INIT_DATA', padded: false },
  // ARCH_SHF_SMALL is 0 on every architecture here, so the last pass takes what no other did, and pads at the end.
  { required: SHF_ALLOC, excluded: 0, core: 'DATA', init: 'INIT_DATA', padded: true },
];

/** Order in which module_memory is allocated (enum mod_mem_type). */
const TYPES: readonly RegionType[] = [
  'TEXT',
  'DATA',
  'RODATA',
  'RO_AFTER_INIT',
  'INIT_TEXT',
  'INIT_DATA',
  'INIT_RODATA',
];

/** Regions to lay sections out in, with the way to find the one of a kind. */
export interface Regions {
  readonly all: readonly Region[];
  of(type: RegionType): Region;
}

function newRegion(name: string, init: boolean): Region {
  return { name, init, size: 0, base: 0n, image: new Uint8Array(0), entries: [], ends: null };
}

/** Core and init up to 6.3; one region for each type of memory after. */
export function newRegions(byType: boolean): Regions {
  if (byType) {
    const regions = new Map(TYPES.map(type => [type, newRegion(`MOD_${type}`, type.startsWith('INIT'))]));
    const fallback = newRegion('MOD_DATA', false);
    return { all: [...regions.values()], of: type => regions.get(type) ?? fallback };
  }
  const core = newRegion('core', false);
  const init = newRegion('init', true);
  return { all: [core, init], of: type => (type.startsWith('INIT') ? init : core) };
}

/** module_init_layout_section(): freed after init, by name alone. */
export function isInitSection(load: Load, name: string): boolean {
  if (name.startsWith('.init')) return true;
  // Without unloading, exit code can never run.
  return !load.features.moduleUnload && name.startsWith('.exit');
}

/** Puts something of `size` bytes at the end of a region; sizes wrap as the kernel's unsigned ints do. */
export function place(region: Region, name: string, size: number, align: number): number {
  const offset = alignUp(region.size, align);
  region.size = (offset + size) % 0x1_0000_0000;
  region.entries.push({ name, offset, size, align });
  return offset;
}

/** Rounds a region up to whole pages, as 5.10 and 6.1 do between kinds of memory. */
export function pad(load: Load, region: Region): void {
  if (load.features.paddedRegions && !load.features.regionsByType)
    region.size = alignUp(region.size, load.features.pageSize);
}

/** Up to 6.3 one region holds all kinds, and where each ends decides what it may do. */
function noteEnd(load: Load, regions: Regions, init: boolean, { core }: Mask): void {
  if (load.features.regionsByType) return;
  const region = regions.of(init ? 'INIT_DATA' : 'DATA');
  const { size } = region;
  if (core === 'TEXT') region.ends = { text: size, roData: size, readOnly: size };
  else if (region.ends && core === 'RODATA') region.ends = { ...region.ends, roData: size, readOnly: size };
  else if (region.ends && core === 'RO_AFTER_INIT') region.ends = { ...region.ends, readOnly: size };
}

/** layout_sections(): core sections, then init sections, five passes each, in the order of the file. */
export function layoutSections(load: Load, regions: Regions): void {
  const allocated = load.info.sechdrs.filter(({ sh_flags }) => (sh_flags & SHF_ALLOC) !== 0);
  const isInit = allocated.map(section => isInitSection(load, sectionName(load.info, section)));
  for (const init of [false, true]) {
    let left = allocated.filter((_, i) => isInit[i] === init);
    for (const mask of MASKS) {
      if (mask.required & SHF_RO_AFTER_INIT && !load.features.roAfterInit) continue;
      const type = init ? mask.init : mask.core;
      const region = regions.of(type ?? 'INIT_DATA');
      // 6.4 and later have no ro-after-init memory for init sections: a later pass takes them.
      if (type !== null || !load.features.regionsByType) {
        for (const section of left) {
          if (!takes(mask, section)) continue;
          const name = sectionName(load.info, section);
          section.place = { region, offset: place(region, name, section.sh_size, section.sh_addralign || 1) };
        }
        left = left.filter(section => section.place === null);
      }
      // Init memory takes the size of its rodata for ro-after-init, without padding again.
      if (mask.padded && type !== null) pad(load, region);
      noteEnd(load, regions, init, mask);
    }
  }
}

function takes(mask: Mask, section: LoadedSection): boolean {
  return (section.sh_flags & mask.required) === mask.required && (section.sh_flags & mask.excluded) === 0;
}

/** layout_sections(), layout_symtab() and move_module() in turn. */
export function layoutAndAllocate(load: Load): Errno {
  const { features } = load;
  const regions = newRegions(features.regionsByType);
  const frobbed = load.arch.frobArchSections;
  const errno = frobbed?.(load) ?? 0;
  if (errno !== 0) return errno;
  if (!frobbed) load.leaveUnchecked(`module_frob_arch_sections() of ${load.arch.name} is not simulated`);
  noteAlignments(load);
  layoutSections(load, regions);
  if (features.kallsyms) layoutSymtab(load, regions);
  load.regions = regions.all.filter(region => region.size > 0 || !features.regionsByType);
  // Since 6.4 a region takes whole pages however the kernel is configured.
  if (features.regionsByType) for (const region of load.regions) region.size = alignUp(region.size, features.pageSize);
  return moveModule(load);
}

function moveModule(load: Load): Errno {
  const { info, features } = load;
  const total = load.regions.reduce((sum, region) => sum + region.size, 0);
  if (total > load.arch.addresses.moduleArea) {
    load.report(memoryTooLarge, { module: load.mod.name, bytes: total, announced: features.execmem });
    return ENOMEM;
  }
  const copied = info.sechdrs.reduce((bytes, section) => bytes + (isCopied(section) ? section.sh_size : 0), 0);
  if (copied > info.len + MOST_REPEATED) {
    load.note('The contents of memory were not made, because the sections are many times the same bytes of the file.');
    return ENOMEM;
  }
  const placed: Region[] = [];
  for (const region of load.regions) {
    region.base = load.machine.memoryAt?.(load.mod.name, region.name) ?? nextFreeAddress(load, region, placed);
    region.image = load.machine.trial?.allocate(region.size) ?? new Uint8Array(region.size);
    placed.push(region);
  }
  for (const section of info.sechdrs) {
    if (!(section.sh_flags & SHF_ALLOC) || !section.place) continue;
    const { region, offset } = section.place;
    if (isCopied(section) && offset + section.sh_size <= region.image.length)
      region.image.set(info.bytes.subarray(section.sh_offset, section.sh_offset + section.sh_size), offset);
    section.moveTo(region.base, offset);
  }
  load.coresize = sum(load.regions.filter(region => !region.init));
  load.initsize = sum(load.regions.filter(region => region.init));
  return 0;
}

/** Sections of a file may overlap, but by few bytes: a small file could fill all memory otherwise. In bytes. */
const MOST_REPEATED = 1 << 26;

/** Whether memory begins with contents of the file. */
export function isCopied({ sh_flags, sh_type, place }: LoadedSection): boolean {
  return (sh_flags & SHF_ALLOC) !== 0 && sh_type !== SHT_NOBITS && place !== null;
}

function sum(regions: readonly Region[]): number {
  return regions.reduce((total, region) => total + region.size, 0);
}

/** Behind what is there already: text comes from a huge page of its own where the kernel shares these. */
function nextFreeAddress({ machine, features, arch }: Load, region: Region, placed: readonly Region[]): bigint {
  const apart = ({ name }: Region): boolean => features.roxText && name.endsWith('TEXT');
  const others = [...machine.modules.flatMap(({ regions }) => regions), ...placed];
  let next = apart(region) ? arch.addresses.moduleText : arch.addresses.modules;
  for (const other of others) {
    if (apart(other) !== apart(region)) continue;
    const end = other.base + BigInt(alignUp(other.size, features.pageSize) + features.pageSize);
    if (end > next) next = end;
  }
  return next;
}
