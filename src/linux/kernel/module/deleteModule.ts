// delete_module(): who may go, and in what order the kernel asks.
import { lockDebuggingDisabled } from '../../../findings/lockDebuggingDisabled';
import { moduleInUse } from '../../../findings/moduleInUse';
import { noExit } from '../../../findings/noExit';
import { notLoaded } from '../../../findings/notLoaded';
import { noCapability } from '../../../findings/noCapability';
import { EAGAIN, EBUSY, ENOENT, ENOSYS, EPERM } from '../../errno';
import { nameField } from './thisModule';
import { TAINT_FORCED_RMMOD } from './taints';
import type { Errno, Load, Machine, Module } from './types';

/** O_TRUNC asks to force, O_NONBLOCK not to wait (which no kernel does any more). */
export const O_TRUNC = 0o1000;
export const O_NONBLOCK = 0o4000;

type Reporter = Pick<Load, 'report'>;

/** Removes `name` from the machine, or says why not. Exit functions are assumed to return. */
export function deleteModule(machine: Machine, reporter: Reporter, name: string, flags: number): Errno {
  const { boot } = machine;
  const { features } = machine.kernel;
  if (!features.moduleUnload) return ENOSYS;
  if (boot.modulesDisabled) {
    reporter.report(noCapability, { disabled: true });
    return EPERM;
  }
  const wanted = name.slice(0, nameField(features.is64).size - 1);
  const tooLong = features.deleteModuleChecksLength && name.length >= nameField(features.is64).size;
  const mod = tooLong ? undefined : machine.modules.find(module => module.name === wanted);
  if (!mod) {
    reporter.report(notLoaded, { module: name });
    return ENOENT;
  }
  if (mod.usedBy.length > 0) {
    reporter.report(moduleInUse, { module: name, users: mod.usedBy.map(user => user.name) });
    return EAGAIN;
  }
  if (mod.state !== 'live') return EBUSY;
  if (mod.hasInit && !mod.hasExit) {
    if ((flags & O_TRUNC) === 0 || !features.forceUnload) {
      reporter.report(noExit, { module: name, refused: true });
      return EBUSY;
    }
    reporter.report(lockDebuggingDisabled, {});
    machine.taints |= 1 << TAINT_FORCED_RMMOD;
  }
  freeModule(machine, mod);
  return 0;
}

/** free_module(): out of the list, and nothing it used is used by it any more. */
export function freeModule(machine: Machine, mod: Module): void {
  const index = machine.modules.indexOf(mod);
  if (index >= 0) machine.modules.splice(index, 1);
  for (const used of mod.uses) {
    const user = used.usedBy.indexOf(mod);
    if (user >= 0) used.usedBy.splice(user, 1);
  }
  mod.uses.length = 0;
}
