// module_enforce_rwx_sections() (kernel/module/strict_rwx.c): no section, allocated or not, may be both writable and
// executable.
import { note } from '../../../findings/notes';
import { SHF_EXECINSTR, SHF_WRITE } from '../../../formats/elf/constants';
import { writableExecutable } from '../../../findings/writableExecutable';
import { ENOEXEC } from '../../errno';
import { sectionName } from './loadInfo';
import type { Errno, Load } from './types';

const BOTH = SHF_WRITE | SHF_EXECINSTR;

export function moduleEnforceRwxSections(load: Load): Errno {
  if (!load.features.strictModuleRwx) {
    load.skip(note('no-rwx-check'));
    return 0;
  }
  const found = load.info.sechdrs.find(({ sh_flags }) => (sh_flags & BOTH) === BOTH);
  const section = found ? sectionName(load.info, found) : null;
  load.observer?.checked(note('write-exec'), section ?? note('none'), note('none'), section === null);
  if (!found || section === null) return 0;
  if (load.arch.frobArchSections === null) {
    // Section preparation may set other flags.
    load.notChecked(note('sections-not-prepared', { arch: load.arch.name }));
    return 0;
  }
  load.report(writableExecutable, { module: load.mod.name, section, index: found.index });
  return ENOEXEC;
}
