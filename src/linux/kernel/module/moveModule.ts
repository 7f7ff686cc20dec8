// move_module(): memory for every region, and the sections' contents copied there.
import { note } from '../../../findings/notes';
import { SHF_ALLOC, SHT_NOBITS } from '../../../formats/elf/constants';
import { memoryTooLarge } from '../../../findings/memoryTooLarge';
import { ENOMEM } from '../../errno';
import { alignUp } from './align';
import { setImage, type Region } from './regions';
import type { Errno, Load, LoadedSection } from './types';

export function moveModule(load: Load): Errno {
  const { info, features } = load;
  const total = sizeOf(load.regions, false) + sizeOf(load.regions, true);
  const { moduleArea } = features.addresses;
  const fits = total <= moduleArea;
  load.observer?.checked(
    note('all-together'),
    note('bytes', { count: total }),
    note('at-most', { size: note('bytes', { count: moduleArea }) }),
    fits,
  );
  if (!fits) {
    // The size of the symbols that stay is an upper bound then.
    if (load.machine.trial) load.machine.trial.undecided = true;
    load.report(memoryTooLarge, { module: load.mod.name, bytes: total, announced: features.execmem });
    return ENOMEM;
  }
  let copied = 0;
  for (const section of info.sechdrs) if (isCopied(section)) copied += section.sh_size;
  if (copied > info.len + MOST_REPEATED) {
    load.note(note('memory-not-made'));
    return ENOMEM;
  }
  const placed: Region[] = [];
  for (const region of load.regions) {
    // What lies in a region without memory begins at a null pointer, and the kernel takes it for not there.
    if (region.size > 0)
      region.base = load.machine.memoryAt?.(load.mod.name, region.name) ?? nextFreeAddress(load, region, placed);
    setImage(region, load.machine.trial?.allocate(region.size) ?? new Uint8Array(region.size));
    placed.push(region);
  }
  for (const section of info.sechdrs) if (section.sh_flags & SHF_ALLOC) moveSection(info.bytes, section);
  load.coresize = sizeOf(load.regions, false);
  load.initsize = sizeOf(load.regions, true);
  return 0;
}

function moveSection(bytes: Uint8Array, section: LoadedSection): void {
  if (!section.place) return;
  const { region, offset } = section.place;
  const { sh_offset, sh_size } = section;
  if (sh_size > 0 && isCopied(section) && offset + sh_size <= region.image.length)
    region.image.set(bytes.subarray(sh_offset, sh_offset + sh_size), offset);
  section.moveTo(region.base, offset);
}

/** Sections of a file may overlap, but by few bytes: a small file could fill all memory otherwise. In bytes. */
const MOST_REPEATED = 1 << 26;

/** Whether memory begins with contents of the file. */
export function isCopied({ sh_flags, sh_type, place }: LoadedSection): boolean {
  return (sh_flags & SHF_ALLOC) !== 0 && sh_type !== SHT_NOBITS && place !== null;
}

function sizeOf(regions: readonly Region[], init: boolean): number {
  let total = 0;
  for (const region of regions) if (region.init === init) total += region.size;
  return total;
}

/** Behind what is there already: text comes from a huge page of its own where the kernel shares these. */
function nextFreeAddress({ machine, features }: Load, region: Region, placed: readonly Region[]): bigint {
  const apart = ({ name }: Region): boolean => features.roxText && name.endsWith('TEXT');
  let next = apart(region) ? features.addresses.moduleText : features.addresses.modules;
  const stepOver = (others: readonly Region[]): void => {
    for (const other of others) {
      if (apart(other) !== apart(region)) continue;
      const end = other.base + BigInt(alignUp(other.size, features.pageSize) + features.pageSize);
      if (end > next) next = end;
    }
  };
  for (const { regions } of machine.modules) stepOver(regions);
  stepOver(placed);
  return next;
}
