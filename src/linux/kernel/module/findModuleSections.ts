// find_module_sections(): only what can refuse or print; the rest is looked up where it is used.
import { note } from '../../../findings/notes';
import { conflictingConstructors } from '../../../findings/conflictingConstructors';
import { obsoleteSection } from '../../../findings/obsoleteSection';
import { EINVAL } from '../../errno';
import { findSec, sectionAddr } from './loadInfo';
import type { Errno, Load } from './types';

export function findModuleSections(load: Load): Errno {
  const { info, features, mod } = load;
  for (const name of load.observer ? SPECIAL : []) {
    const section = info.sechdrs[findSec(info, name)];
    if (section && section.index > 0) load.observer?.checked(name, note('bytes', { count: section.sh_size }));
  }
  const has = (name: string): boolean => sectionAddr(info, name) !== 0n;
  if (features.exportFlags) {
    for (const section of ['__ksymtab_gpl', '__kcrctab_gpl'])
      if (has(section)) load.report(obsoleteSection, { module: mod.name, section });
  }
  if (features.constructors && has('.ctors') && has('.init_array')) {
    load.report(conflictingConstructors, { module: mod.name });
    return EINVAL;
  }
  if (has('__obsparm')) load.report(obsoleteSection, { module: mod.name, section: '__obsparm' });
  return 0;
}

/** Sections the kernel looks for by name and that a module commonly has. */
const SPECIAL = [
  '__param',
  '__ksymtab',
  '__ksymtab_gpl',
  '__kcrctab',
  '__kcrctab_gpl',
  '__kflagstab',
  '.ctors',
  '.init_array',
  '.noinstr.text',
  '__tracepoints_ptrs',
  '__jump_table',
  '.BTF',
  '_ftrace_events',
  '__trace_printk_fmt',
  '__mcount_loc',
  '__patchable_function_entries',
  '_error_injection_whitelist',
  '.kprobes.text',
  '.static_call_sites',
  '__ex_table',
  '__dyndbg',
  '__bug_table',
  '__obsparm',
];
