// The allocations of module memory, and how something is put into one.
import type { Features } from '../../features';
import { alignUp } from './align';

/** One allocation of module memory. */
export interface Region {
  readonly name: string;
  /** Freed after init has run. */
  readonly init: boolean;
  /** Bytes laid out so far; rounded up as the kernel does once the layout is final. */
  size: number;
  base: bigint;
  /** Contents; empty until move_module(). */
  image: Uint8Array;
  /** The same bytes. */
  view: DataView;
  readonly entries: LayoutEntry[];
  /** Where text and read-only memory end in a region that holds several kinds; null in a region of one kind. */
  ends: RegionEnds | null;
}

/** text_size, ro_size and ro_after_init_size of struct module_layout: bytes from the start, padding included. */
export interface RegionEnds {
  readonly text: number;
  readonly roData: number;
  readonly readOnly: number;
}

/** Something placed in a region: a section, or bytes in angle brackets that belong to none. */
export interface LayoutEntry {
  readonly name: string;
  /** bytes from the start of the region */
  readonly offset: number;
  readonly size: number;
  readonly align: number;
}

export type RegionType = 'TEXT' | 'DATA' | 'RODATA' | 'RO_AFTER_INIT' | 'INIT_TEXT' | 'INIT_DATA' | 'INIT_RODATA';

/** Order in which module_memory is allocated (enum mod_mem_type). */
export const REGION_TYPES: readonly RegionType[] = [
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
  return { name, init, size: 0, base: 0n, image: NO_BYTES, view: NO_VIEW, entries: [], ends: null };
}

/** Contents of a region without memory. */
export const NO_BYTES = new Uint8Array(0);
export const NO_VIEW = new DataView(NO_BYTES.buffer);

/** Gives a region its memory. */
export function setImage(region: Region, image: Uint8Array): void {
  region.image = image;
  region.view = new DataView(image.buffer, image.byteOffset, image.byteLength);
}

/** Core and init up to 6.3; one region for each type of memory after. */
export function newRegions(byType: boolean): Regions {
  if (byType) {
    const all = REGION_TYPES.map(type => newRegion(`MOD_${type}`, type.startsWith('INIT')));
    return { all, of: type => all[REGION_TYPES.indexOf(type)] ?? newRegion('MOD_DATA', false) };
  }
  const core = newRegion('core', false);
  const init = newRegion('init', true);
  return { all: [core, init], of: type => (type.startsWith('INIT') ? init : core) };
}

/** Puts something of `size` bytes at the end of a region; sizes wrap as the kernel's unsigned ints do. */
export function place(region: Region, name: string, size: number, align: number): number {
  const offset = alignUp(region.size, align);
  region.size = (offset + size) >>> 0;
  region.entries.push({ name, offset, size, align });
  return offset;
}

/** Rounds a region up to whole pages, as 5.10 and 6.1 do between kinds of memory. */
export function pad({ paddedRegions, regionsByType, pageSize }: Features, region: Region): void {
  if (paddedRegions && !regionsByType) region.size = alignUp(region.size, pageSize);
}
