// module_patient_check_exists() and the same test in add_unformed_module(): silent, the name is taken.
import { note } from '../../../findings/notes';
import { alreadyLoaded } from '../../../findings/alreadyLoaded';
import { EBUSY, EEXIST } from '../../errno';
import type { Errno, Load } from './types';

export function modulePatientCheckExists(load: Load): Errno {
  const { modules } = load.machine;
  const old = modules.find(module => module.name === load.mod.name);
  const list =
    modules.length === 0 ? note('none-loaded') : note('loaded', { names: modules.map(({ name }) => name).join(', ') });
  load.observer?.checked('name', load.mod.name, list, !old);
  if (!old) return 0;
  load.report(alreadyLoaded, { module: load.mod.name, live: old.state === 'live' });
  return old.state === 'live' ? EEXIST : EBUSY;
}
