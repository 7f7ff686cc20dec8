// A machine that has just booted: nothing loaded, not tainted, every once-only line still to come.
import { parseCmdline } from '../../../target/cmdline';
import type { Decompress, VerifyPkcs7 } from '../../../target/types';
import { kstrtobool } from '../../lib/kstrtox';
import type { BootParameters, Kernel, Machine, MemoryAt } from './types';
import type { Trial } from './trial';

export function bootMachine(
  kernel: Kernel,
  cmdline: string,
  verifyPkcs7: VerifyPkcs7 | null,
  decompress: Decompress | null = null,
  memoryAt: MemoryAt | null = null,
  trial: Trial | null = null,
): Machine {
  return {
    kernel,
    boot: bootParameters(cmdline, kernel.features.boolLetters),
    modules: [],
    taints: 0,
    printed: new Set(),
    verifyPkcs7,
    decompress,
    memoryAt,
    trial,
  };
}

/** A machine with the same kernel and command line on which nothing has happened yet. */
export function justBooted(machine: Machine): Machine {
  return { ...machine, modules: [], taints: 0, printed: new Set() };
}

/** What the kernel command line says to the loader; the last of repeated parameters counts. */
function bootParameters(cmdline: string, letters: { yes: string; no: string }): BootParameters {
  const args = parseCmdline(cmdline);
  const last = (name: string): string | null | undefined => args.findLast(arg => arg.param === name)?.value;
  const flag = (name: string): boolean =>
    args.some(arg => arg.param === name && kstrtobool(arg.value ?? '1', letters) === true);
  const lockdown = last('lockdown');
  return {
    // bool_enable_only: no later word takes it back.
    sigEnforce: flag('module.sig_enforce'),
    modulesDisabled: flag('nomodule') || flag('sysctl.kernel.modules_disabled'),
    blacklist: last('module_blacklist') ?? null,
    lockdown: lockdown === 'integrity' || lockdown === 'confidentiality' ? lockdown : 'none',
    spectreV2Off:
      last('spectre_v2') === 'off' || last('mitigations') === 'off' || args.some(arg => arg.param === 'nospectre_v2'),
    initcallBlacklist: args
      .filter(arg => arg.param === 'initcall_blacklist')
      .flatMap(arg => arg.value?.split(',') ?? []),
  };
}
