// layout_and_allocate(), behind the section preparation of the architecture: the layout, and memory with the contents in it.
import { note } from '../../../findings/notes';
import { SHF_ALLOC, SHF_RO_AFTER_INIT } from '../../../formats/elf/constants';
import { alignUp } from './align';
import { layoutSections } from './layoutSections';
import { keepTables, layoutSymtab } from './layoutSymtab';
import { findSec } from './loadInfo';
import { moveModule } from './moveModule';
import { newRegions, place } from './regions';
import type { Errno, Load } from './types';
import { noteAlignments } from './uncheckedFields';

export function layoutAndAllocate(load: Load): Errno {
  const { features } = load;
  markSections(load);
  const regions = newRegions(features.regionsByType);
  if (!load.arch.frobArchSections) load.leaveUnchecked(note('sections-not-prepared', { arch: load.arch.name }));
  for (const { name, size } of load.reserved) place(regions.of('TEXT'), name, size, 1);
  noteAlignments(load);
  const trims = features.rows.has('kallsymsTrimmed');
  if (features.kallsyms && !trims) keepTables(load);
  layoutSections(load, regions);
  if (features.kallsyms && trims) layoutSymtab(load, regions);
  load.regions = regions.all.filter(region => region.size > 0 || !features.regionsByType);
  // Since 6.4 a region takes whole pages however the kernel is configured.
  if (features.regionsByType) for (const region of load.regions) region.size = alignUp(region.size, features.pageSize);
  if (load.facts.profile) load.notChecked(note('profile-config'));
  else if (features.kallsyms && !features.kallsymsAllKnown) load.notChecked(note('kallsyms-all-unknown'));
  const moved = moveModule(load);
  const { observer, coresize, initsize } = load;
  for (const { name, size, entries } of observer ? load.regions : [])
    observer?.checked(name, note('bytes', { count: size }), note('entries', { count: entries.length }));
  observer?.checked('coresize', note('bytes', { count: coresize }));
  observer?.checked('initsize', note('bytes', { count: initsize }));
  return moved;
}

/** The per-cpu template is no module memory; ro-after-init sections are known by name. */
function markSections(load: Load): void {
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
