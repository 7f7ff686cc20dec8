// apply_relocations(): every relocation section whose target is in memory, in file order; the first error ends it.
import { SHF_ALLOC, SHF_RELA_LIVEPATCH, SHT_REL, SHT_RELA } from '../elf/constants';
import { relUnsupported } from '../findings/relUnsupported';
import { applyRelocateAdd } from './applyRelocateAdd';
import { ENOEXEC } from './errno';
import type { Symtab } from './simplifySymbols';
import type { Errno, Load, LoadedSection } from './types';

export function applyRelocations(load: Load, symtab: Symtab): Errno {
  if (load.features.arch !== 'x86_64') {
    load.notChecked(`relocations of ${load.features.arch} are not simulated`);
    return 0;
  }
  for (const section of load.info.sechdrs) {
    const target = section.index === 0 ? undefined : relocationTarget(load, section);
    if (!target) continue;
    const errno = applySection(load, symtab, section, target);
    if (errno !== 0) return errno;
  }
  return 0;
}

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
    load.note('livepatch relocations are applied when the object they patch is loaded');
    return 0;
  }
  if (section.sh_type === SHT_REL) {
    load.report(relUnsupported, { module: load.mod.name });
    return ENOEXEC;
  }
  return section.sh_type === SHT_RELA ? applyRelocateAdd(load, symtab, section, target) : 0;
}
