// find_module_sections() and the checks of what was found: special sections, per-cpu memory, exports.
import { conflictingConstructors } from '../../../findings/conflictingConstructors';
import { noExportFlags } from '../../../findings/noExportFlags';
import { obsoleteSection } from '../../../findings/obsoleteSection';
import { percpuFailure } from '../../../findings/percpuFailure';
import { importOfModuleNamespace } from '../../../findings/importOfModuleNamespace';
import { taintByName } from './augmentTaints';
import { EINVAL, ENOEXEC, ENOMEM, EPERM } from '../../errno';
import { tryToForceLoad } from './forceLoad';
import { findSec, infoValues } from './loadInfo';
import { kernelSymbolSize } from './moduleExports';
import { kernelTainted, TAINT_PROPRIETARY_MODULE } from './taints';
import type { Errno, Load } from './types';

/** PERCPU_MODULE_RESERVE: bytes of per-cpu memory set aside for modules on SMP kernels (include/linux/percpu.h). */
export const PERCPU_MODULE_RESERVE = 8 << 10;

/** Whether `size` bytes are left of the reserve once modules took `used`. */
export const percpuFits = (used: number, size: number): boolean => used + size <= PERCPU_MODULE_RESERVE;

/** percpu_modalloc() */
export function percpuModalloc(load: Load): Errno {
  const { info, features, mod } = load;
  const section = info.sechdrs[info.index.pcpu];
  if (!features.smp || info.index.pcpu === 0 || !section || section.sh_size === 0) return 0;
  const { sh_size: size, sh_addralign } = section;
  if (sh_addralign > features.pageSize)
    load.report(percpuFailure, { module: mod.name, problem: 'align', size: sh_addralign, limit: features.pageSize });
  const used = load.machine.modules.reduce((sum, module) => sum + module.percpuSize, 0);
  if (!percpuFits(used, size)) {
    load.report(percpuFailure, {
      module: mod.name,
      problem: 'memory',
      size,
      limit: Math.min(sh_addralign, features.pageSize),
    });
    return ENOMEM;
  }
  mod.percpuSize = size;
  load.percpu = {
    name: 'percpu',
    init: false,
    size,
    base: load.machine.memoryAt?.(mod.name, 'percpu') ?? load.arch.addresses.percpu,
    image: new Uint8Array(0),
    entries: [{ name: '.data..percpu', offset: 0, size, align: sh_addralign }],
    ends: null,
  };
  return 0;
}

/** find_module_sections(): only what can refuse or print; the rest is looked up where it is used. */
export function findModuleSections(load: Load): Errno {
  const { info, features, mod } = load;
  const has = (name: string): boolean => findSec(info, name) !== 0;
  if (features.exportFlags) {
    for (const section of ['__ksymtab_gpl', '__kcrctab_gpl'])
      if (has(section)) load.report(obsoleteSection, { module: mod.name, section });
  }
  if (features.constructors && has('.ctors') && has('.init_array')) {
    load.report(conflictingConstructors, { module: mod.name });
    return EINVAL;
  }
  if (has('__obsparm')) load.report(obsoleteSection, { module: mod.name, section: '__obsparm' });
  return 0;
}

/** check_module_license_and_versions(), 6.12 check_export_symbol_versions(), 7.2 check_export_symbol_sections(). */
export function checkExports(load: Load): Errno {
  const { info, features } = load;
  if (!features.earlyExistsCheck) taintByName(load, kernelTainted(load, TAINT_PROPRIETARY_MODULE));
  const exporting = features.exportTables.filter(
    table => (info.sechdrs[findSec(info, `__ksymtab${table}`)]?.sh_size ?? 0) >= kernelSymbolSize(features),
  );
  if (features.exportFlags && exporting.length > 0 && findSec(info, '__kflagstab') === 0) {
    load.report(noExportFlags, { module: load.mod.name });
    return ENOEXEC;
  }
  if (features.modversions && exporting.some(table => findSec(info, `__kcrctab${table}`) === 0))
    return tryToForceLoad(load, 'no versions for exported symbols');
  return 0;
}

/** setup_modinfo(): since 6.16 a namespace of named modules cannot be imported. */
export function setupModinfo(load: Load): Errno {
  if (!load.features.moduleNamespaces) return 0;
  const namespace = infoValues(load.info, 'import_ns').find(value => value.startsWith('module:'));
  if (namespace === undefined) return 0;
  load.report(importOfModuleNamespace, { module: load.mod.name, namespace });
  return EPERM;
}
