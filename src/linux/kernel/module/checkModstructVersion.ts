// check_modstruct_version() (kernel/module/version.c): the types the loader and the module share must be the same.
import { note } from '../../../findings/notes';
import { hexCrc } from '../../../formats/bytes/hex';
import { ENOEXEC } from '../../errno';
import { checkVersion, wantedCrc } from './checkVersion';
import type { Errno, Load } from './types';

export function checkModstructVersion(load: Load): Errno {
  if (!load.features.modversions) {
    load.skip(note('modversions-off'));
    return 0;
  }
  const name = load.features.rows.has('moduleLayoutSymbol') ? 'module_layout' : 'struct_module';
  const symbol = load.machine.kernel.names.addName(name);
  const found = load.machine.kernel.findExportById(symbol);
  if (!found) {
    load.notChecked(note('no-module-layout'));
    return 0;
  }
  const wanted = wantedCrc(load, symbol);
  if (found.crc !== null && wanted === found.crc) load.vouched = true;
  const passes = checkVersion(load, symbol, found.crc, 'vmlinux');
  load.observer?.checked(
    note('crc-of', { symbol: name }),
    hexCrc(wanted) ?? note('none'),
    hexCrc(found.crc) ?? note('none'),
    passes,
  );
  return passes ? 0 : ENOEXEC;
}
