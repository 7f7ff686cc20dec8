// One load from the inside: where a test needs the memory of the module, not only the result.
import type { KernelFacts } from '../../src/target/types';
import { loadModule, type LoadOutcome } from '../../src/linux/kernel/module/loadModule';
import { BootedKernel } from '../../src/linux/kernel/module/bootedKernel';
import { bootMachine } from '../../src/linux/kernel/module/machine';
import { newLoad } from '../../src/linux/kernel/module/newLoad';
import type { LoadOptions } from '../../src/linux/kernel/module/loadOptions';
import type { Load, Machine } from '../../src/linux/kernel/module/types';

const OPTIONS: LoadOptions = {
  flags: 0,
  syscall: 'finit_module',
  initResult: 0,
  compression: null,
  packedHead: null,
  comm: 'insmod',
};

/** Boots the kernel, or goes on with a machine, and loads one module. */
export function loadInside(
  target: KernelFacts | Machine,
  bytes: Uint8Array,
  args = '',
): { readonly load: Load; readonly outcome: LoadOutcome; readonly machine: Machine } {
  const machine = 'kernel' in target ? target : bootMachine(new BootedKernel(target), '', null);
  const load = newLoad(machine, bytes, args, OPTIONS);
  return { load, outcome: loadModule(load), machine };
}
