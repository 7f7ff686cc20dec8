// verify_exported_symbols(): the first name that anything else exports already ends the load.
import { note } from '../../../findings/notes';
import { hexCrc } from '../../../formats/bytes/hex';
import { duplicateExport } from '../../../findings/duplicateExport';
import { ENOEXEC } from '../../errno';
import { findSymbol } from './findSymbol';
import type { Errno, Load } from './types';

export function verifyExportedSymbols(load: Load): Errno {
  const { names } = load.machine.kernel;
  for (const { table, entries } of load.mod.exports)
    for (const { name, crc, gplOnly } of entries) {
      const found = findSymbol(load.machine, names.addName(name), true);
      const owner = found?.owner?.name ?? 'kernel';
      if (load.observer) {
        const facts = { crc: hexCrc(crc) ?? note('none') };
        const how = gplOnly ? note('crc-gpl', facts) : note('crc-any', facts);
        load.observer.checked(`__ksymtab${table}: ${name}`, how, found ? note('exported-by', { owner }) : '', !found);
      }
      if (!found) continue;
      load.report(duplicateExport, { module: load.mod.name, symbol: name, owner });
      return ENOEXEC;
    }
  return 0;
}
