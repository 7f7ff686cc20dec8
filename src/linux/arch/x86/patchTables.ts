// What module_finalize() patches (arch/x86/kernel/module.c), and exception tables of x86.
import type { PlainNote } from '../../../findings/notes';
import type { Features } from '../../features';
import type { ExtableForm, PatchTable } from '../arch';

const table = (section: string, by: string, does: PlainNote, ...config: readonly string[]): PatchTable => {
  return { section, by, does, config };
};

/** In the order of module_finalize() of 6.1 and later; older kernels have fewer. */
export const PATCH_TABLES: readonly PatchTable[] = [
  table('.parainstructions', 'apply_paravirt', 'patches-paravirt', 'PARAVIRT'),
  table('.cfi_sites', 'apply_fineibt', 'patches-fineibt', 'FINEIBT'),
  table('.retpoline_sites', 'apply_retpolines', 'patches-retpolines', 'RETPOLINE', 'MITIGATION_RETPOLINE'),
  table('.return_sites', 'apply_returns', 'patches-returns', 'RETHUNK', 'MITIGATION_RETHUNK'),
  table(
    '.call_sites',
    'callthunks_patch_module_calls',
    'patches-calls',
    'CALL_DEPTH_TRACKING',
    'MITIGATION_CALL_DEPTH_TRACKING',
  ),
  table('.altinstructions', 'apply_alternatives', 'patches-alternatives'),
  table('.ibt_endbr_seal', 'apply_ibt_endbr', 'patches-endbr', 'X86_KERNEL_IBT'),
  table('.smp_locks', 'alternatives_smp_module_add', 'patches-locks', 'SMP'),
  table('.orc_unwind_ip', 'unwind_module_init', 'patches-orc', 'UNWINDER_ORC', 'ORC_UNWINDER'),
];

/** arch/x86/include/asm/extable.h: a handler, later a type, is a third field. */
export function extable(rows: Features['rows'], is64: boolean): ExtableForm {
  if (rows.has('extableHandlersX86')) return { size: 12, relative: true };
  return rows.has('extableRelativeX86') ? { size: 8, relative: true } : { size: is64 ? 16 : 8, relative: false };
}
