// do_init_module(): what follows from the result of the module's init, which is assumed and never run.
import { note } from '../../../findings/notes';
import { initPositive } from '../../../findings/initPositive';
import { initResult } from '../../../findings/initResult';
import { EBUSY, EEXIST, EPERM } from '../../errno';
import { initFunctionName } from './thisModule';
import type { Errno, Load } from './types';

export function doInitModule(load: Load): Errno {
  const { mod, features, options, observer, arch } = load;
  // From here on code of the module runs, and the CPU checks what the loader took for granted.
  if (load.relocated) arch.codeMarks?.(load);
  const result = initcallBlacklisted(load) ? -EPERM : mod.hasInit ? options.initResult : 0;
  if (!mod.hasInit) observer?.checked('init', note('none-to-run'));
  else observer?.checked(note('init-returns'), result, note('init-assumed'), result >= 0);
  if (result < 0) {
    const errno = features.initEexistBecomesEbusy && -result === EEXIST ? EBUSY : -result;
    load.report(initResult, { module: mod.name, result, errno });
    return errno;
  }
  if (result > 0)
    load.report(initPositive, {
      module: mod.name,
      result,
      namesCaller: features.positiveInitNamesCaller,
      // The system call itself runs init up to 3.7.
      ...(features.rows.has('initInItsOwnFunction') ? {} : { caller: 'sys_init_module' }),
    });
  mod.state = 'live';
  return 0;
}

/** initcall_blacklisted() (init/main.c): by the first symbol that kallsyms has for the address of init. */
function initcallBlacklisted(load: Load): boolean {
  const { initcallBlacklist } = load.machine.boot;
  if (initcallBlacklist.length === 0 || !load.mod.hasInit) return false;
  const name = initFunctionName(load);
  return name !== null && initcallBlacklist.includes(name);
}
