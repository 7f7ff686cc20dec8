// check_module_license_and_versions(), 6.12 check_export_symbol_versions(), 7.2 check_export_symbol_sections().
import { note } from '../../../findings/notes';
import { noExportFlags } from '../../../findings/noExportFlags';
import { ENOEXEC } from '../../errno';
import { findSec, sectionAddr } from './loadInfo';
import { taintByName } from './moduleAugmentKernelTaints';
import { kernelSymbolSize } from './moduleExports';
import { kernelTainted, TAINT_PROPRIETARY_MODULE } from './taints';
import { tryToForceLoad } from './tryToForceLoad';
import type { Errno, Load } from './types';

export function checkExportSymbolVersions(load: Load): Errno {
  const { info, features, observer } = load;
  if (!features.earlyExistsCheck && features.rows.has('loadInfo'))
    taintByName(load, kernelTainted(load, TAINT_PROPRIETARY_MODULE));
  const sizeOf = (name: string): number => info.sechdrs[findSec(info, name)]?.sh_size ?? 0;
  const exporting = features.exportTables.filter(table => sizeOf(`__ksymtab${table}`) >= kernelSymbolSize(features));
  const hasFlags = sectionAddr(info, '__kflagstab') !== 0n;
  if (features.exportFlags && exporting.length > 0) {
    observer?.checked('__kflagstab', hasFlags ? note('there') : note('not-there'), '', hasFlags);
    if (!hasFlags) {
      load.report(noExportFlags, { module: load.mod.name });
      return ENOEXEC;
    }
  }
  const withoutCrcs = exporting.filter(table => sectionAddr(info, `__kcrctab${table}`) === 0n);
  for (const table of observer ? exporting : []) {
    const lacks = withoutCrcs.includes(table);
    const ok = features.modversions ? !lacks || features.forceLoad : null;
    const crcs = lacks ? note('without-crcs') : note('with-crcs');
    observer?.checked(`__ksymtab${table}`, note('bytes', { count: sizeOf(`__ksymtab${table}`) }), crcs, ok);
  }
  if (!features.modversions || withoutCrcs.length === 0) return 0;
  return tryToForceLoad(load, 'no versions for exported symbols');
}
