// blacklisted(): module_blacklist= compares info->name exactly.
import { note } from '../../../findings/notes';
import { blacklisted } from '../../../findings/blacklisted';
import { EPERM } from '../../errno';
import type { Errno, Load } from './types';

export function checkBlacklist(load: Load): Errno {
  const { name } = load.info;
  const list = load.machine.boot.blacklist;
  if (!load.features.moduleBlacklist) {
    load.skip(note('no-blacklist'));
    return 0;
  }
  const listed = list !== null && list.split(',').includes(name);
  load.observer?.checked('name', name, `module_blacklist=${list ?? ''}`, !listed);
  if (!listed) return 0;
  load.report(blacklisted, { module: name });
  return EPERM;
}
