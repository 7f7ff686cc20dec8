// apply_relocations(): every relocation section whose target is in memory, in file order; the first error ends it.
import { note } from '../../../findings/notes';
import { SHF_ALLOC, SHF_RELA_LIVEPATCH, SHT_REL, SHT_RELA } from '../../../formats/elf/constants';
import { structSizes } from '../../../formats/elf/header';
import { livepatchSectionName } from '../../../findings/livepatchSectionName';
import { relUnsupported } from '../../../findings/relUnsupported';
import { EINVAL, ENOEXEC } from '../../errno';
import { sectionName } from './loadInfo';
import type { Symtab } from './symtab';
import type { Errno, Load, LoadedSection, LoadObserver } from './types';
import { noteStructWrites, prepareStructModule } from './structModuleRelocations';

export function applyRelocations(load: Load, symtab: Symtab): Errno {
  let tables = 0;
  for (const section of load.info.sechdrs) {
    const target = section.index === 0 ? undefined : relocationTarget(load, section);
    if (!target) continue;
    tables += section.sh_size;
    if (tables > load.info.len + MOST_REPEATED) {
      load.leaveUnchecked(note('relocations-repeated'));
      return 0;
    }
    const errno = applySection(load, symtab, section, target);
    if (load.observer) narrate(load, load.observer, section, target, errno);
    if (errno !== 0) return errno;
  }
  load.relocated = load.unchecked.length === 0;
  return 0;
}

function narrate(
  { info, features }: Load,
  observer: LoadObserver,
  section: LoadedSection,
  target: LoadedSection,
  errno: Errno,
): void {
  const { rel, rela } = structSizes(features.is64);
  if (section.sh_type !== SHT_RELA && section.sh_type !== SHT_REL) return;
  const count = Math.floor(section.sh_size / (section.sh_type === SHT_RELA ? rela : rel));
  const of = note('of', { section: sectionName(info, target) });
  observer.checked(sectionName(info, section), note('relocations', { count }), of, errno === 0);
}

/** By so many bytes tables may overlap. */
const MOST_REPEATED = 1 << 26;

/** The section that sh_info names, if its contents are relocated at all. */
function relocationTarget(load: Load, section: LoadedSection): LoadedSection | undefined {
  const { info, features } = load;
  const target = info.sechdrs[section.sh_info];
  if (!target) return undefined;
  // Since 6.13 the template of per-cpu data is relocated before it is copied.
  const percpu = features.percpuRelocations && target.index !== 0 && target.index === info.index.pcpu;
  return target.sh_flags & SHF_ALLOC || percpu ? target : undefined;
}

function applySection(load: Load, symtab: Symtab, section: LoadedSection, target: LoadedSection): Errno {
  if (section.sh_flags & SHF_RELA_LIVEPATCH) {
    return klpApplySectionRelocs(load, section);
  }
  if (section.sh_type !== SHT_REL && section.sh_type !== SHT_RELA) return 0;
  const apply = section.sh_type === SHT_REL ? load.arch.applyRelocate : load.arch.applyRelocateAdd;
  if (apply === 'unsupported') {
    load.report(relUnsupported, { module: load.mod.name });
    return ENOEXEC;
  }
  if (apply === null) {
    load.leaveUnchecked(note('relocations-not-simulated', { arch: load.arch.name }));
    return 0;
  }
  const { trial } = load.machine;
  if (trial && !trial.relocations && !READ_LATER.test(sectionName(load.info, target))) return 0;
  if (target.index !== load.info.index.mod) return apply(load, symtab, section, target);
  const writes = prepareStructModule(load, section, target);
  const errno = apply(load, symtab, section, target);
  noteStructWrites(load, writes);
  return errno;
}

/** What the loader reads once it is relocated. */
const READ_LATER = /^__(?:ksymtab|kcrctab|kflagstab|param)|^\.gnu\.linkonce\.this_module$/;

/** klp_apply_section_relocs() (kernel/livepatch/core.c): .klp.rela.OBJECT.SECTION, of which only vmlinux counts now. */
function klpApplySectionRelocs(load: Load, section: LoadedSection): Errno {
  if (!load.features.livepatch) return 0;
  const name = sectionName(load.info, section);
  const object = /^\.klp\.rela\.([^.]{1,55})/.exec(name)?.[1];
  if (object === undefined) {
    load.report(livepatchSectionName, { section: name });
    return EINVAL;
  }
  if (object === 'vmlinux') load.notChecked(note('livepatch-vmlinux'));
  return 0;
}
