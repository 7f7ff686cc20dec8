// percpu_modalloc(): per-CPU memory for the module's own variables.
import { note } from '../../../findings/notes';
import { percpuFailure } from '../../../findings/percpuFailure';
import { ENOMEM } from '../../errno';
import { NO_BYTES, NO_VIEW } from './regions';
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
  const fits = percpuFits(used, size);
  load.observer?.checked(
    note('per-cpu'),
    note('bytes', { count: size }),
    note('left-of-reserve', { size: note('bytes', { count: PERCPU_MODULE_RESERVE - used }) }),
    fits,
  );
  if (!fits) {
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
    base: load.machine.memoryAt?.(mod.name, 'percpu') ?? load.features.addresses.percpu,
    image: NO_BYTES,
    view: NO_VIEW,
    entries: [{ name: '.data..percpu', offset: 0, size, align: sh_addralign }],
    ends: null,
  };
  return 0;
}
