// module_finalize() of arm64 (arch/arm64/kernel/module.c): alternatives are patched, and ftrace wants its trampolines.
import { archSections } from '../../../findings/archSections';
import { ENOEXEC } from '../../errno';
import { findAnySec } from '../../kernel/module/loadInfo';
import type { Errno, Load } from '../../kernel/module/types';
import { hasPlts, trampolineSections } from './generation';

/** module_init_ftrace_plt(): a missing section refuses the module without a word. */
export function moduleFinalize(load: Load): Errno {
  const { info, facts, mod, arch } = load;
  if (!hasPlts(load) || facts.config['DYNAMIC_FTRACE'] !== 'y') return 0;
  const missing = trampolineSections(load).find(name => findAnySec(info, name) === 0);
  if (missing === undefined) return 0;
  load.report(archSections, { module: mod.name, arch: arch.name, lines: [], section: missing });
  return ENOEXEC;
}
