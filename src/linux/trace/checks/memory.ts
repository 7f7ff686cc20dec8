// Memory: what may be written and executed, where everything goes, per-CPU data, special sections.
import { SHF_EXECINSTR, SHF_WRITE } from '../../../formats/elf/constants';
import { findSec, sectionName } from '../../kernel/module/loadInfo';
import { PERCPU_MODULE_RESERVE } from '../../kernel/module/moduleSections';
import type { Load } from '../../kernel/module/types';
import type { Check } from '../types';
import { bytes, check } from './check';

/** module_enforce_rwx_sections() */
export function rwxSections({ info, features }: Load): Check[] {
  if (!features.strictModuleRwx) return [];
  const both = SHF_WRITE | SHF_EXECINSTR;
  const found = info.sechdrs.filter(({ sh_flags }) => (sh_flags & both) === both);
  const names = found.map(section => sectionName(info, section)).join(', ');
  return [check('sections both writable and executable', names === '' ? 'none' : names, 'none', names === '')];
}

/** layout_and_allocate() */
export function layout({ regions, features, coresize, initsize, arch }: Load): Check[] {
  const total = regions.reduce((sum, { size }) => sum + size, 0);
  return [
    ...regions.map(({ name, size, entries }) => check(name, bytes(size), `${entries.length} entries`)),
    check('coresize', bytes(coresize)),
    check('initsize', bytes(initsize)),
    check(
      'all together',
      bytes(total),
      `at most ${bytes(arch.addresses.moduleArea)}, in pages of ${bytes(features.pageSize)}`,
      total <= arch.addresses.moduleArea,
    ),
  ];
}

/** percpu_modalloc() */
export function percpu({ info, machine, mod }: Load): Check[] {
  const size = info.index.pcpu === 0 ? 0 : (info.sechdrs[info.index.pcpu]?.sh_size ?? 0);
  const others = machine.modules.filter(other => other !== mod).reduce((sum, { percpuSize }) => sum + percpuSize, 0);
  const free = PERCPU_MODULE_RESERVE - others;
  return [check('per-CPU data', bytes(size), `${bytes(free)} left of the reserve`, size <= free)];
}

/** Sections that find_module_sections() looks for by name and that a module commonly has. */
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

/** find_module_sections() */
export function specialSections({ info }: Load): Check[] {
  return SPECIAL.flatMap(name => {
    const section = info.sechdrs[findSec(info, name)];
    return section && section.index > 0 ? [check(name, bytes(section.sh_size))] : [];
  });
}
