// try_to_force_load(): what a kernel does with a module that lacks vermagic or versions.
import { note } from '../../../findings/notes';
import { forcedLoad } from '../../../findings/forcedLoad';
import { forcedLoadRefused } from '../../../findings/forcedLoadRefused';
import { ENOEXEC } from '../../errno';
import { addTaintModule, kernelTainted, TAINT_FORCED_MODULE } from './taints';
import type { Errno, Load } from './types';

export function tryToForceLoad(load: Load, reason: string): Errno {
  if (load.facts.profile) {
    load.notChecked(note('profile-force-load', { reason }));
    return 0;
  }
  const facts = { module: load.mod.name, reason };
  if (!load.features.forceLoad) {
    load.report(forcedLoadRefused, facts);
    return ENOEXEC;
  }
  if (!kernelTainted(load, TAINT_FORCED_MODULE)) load.report(forcedLoad, facts);
  addTaintModule(load, load.mod, TAINT_FORCED_MODULE);
  return 0;
}
