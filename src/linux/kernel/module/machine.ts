// A machine that has just booted: nothing loaded, not tainted, every once-only line still to come.
import { parseCmdline } from '../../../target/cmdline';
import { deriveFeatures } from '../../generations';
import type { Decompress, KernelFacts, VerifyPkcs7 } from '../../../target/types';
import { kstrtobool } from '../../lib/kstrtox';
import type { BootParameters, Machine, MemoryAt } from './types';

export function bootMachine(
  facts: KernelFacts,
  cmdline: string,
  verifyPkcs7: VerifyPkcs7 | null,
  decompress: Decompress | null = null,
  memoryAt: MemoryAt | null = null,
): Machine {
  const features = deriveFeatures(facts);
  return {
    facts,
    features,
    boot: bootParameters(cmdline, features.boolLetters),
    modules: [],
    taints: 0,
    printed: new Set(),
    verifyPkcs7,
    paramOps: null,
    decompress,
    memoryAt,
  };
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
