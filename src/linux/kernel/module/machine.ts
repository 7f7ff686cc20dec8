// A machine that has just booted: nothing loaded, not tainted, every once-only line still to come.
import { parseCmdline } from '../../../target/cmdline';
import type { Decompress, VerifyPkcs7 } from '../../../target/types';
import type { BoolLetters } from '../../features';
import { kstrtobool } from '../../lib/kstrtox';
import { NO_BYTES, NO_VIEW } from './regions';
import type { BootParameters, Kernel, Machine, MemoryAt, Module } from './types';
import { percpuFits } from './percpuModalloc';
import type { Trial } from './trial';

const NO_ERRATA: ReadonlySet<number> = new Set();

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
    errata: NO_ERRATA,
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

/** What loading a module left behind on a machine. Other machines that boot the same kernel can be given it. */
export interface LeftBehind {
  /** null when it was refused. */
  readonly module: Module | null;
  readonly name: string;
  /** Of the kernel. */
  readonly taints: number;
  readonly printed: ReadonlySet<string>;
}

/** Takes down what a load left behind on its machine. */
export function leftBehind(machine: Machine, mod: Module, name: string): LeftBehind {
  // Nobody looks into the memory of a module that is loaded: what it exports was read.
  mod.regions = mod.regions.map(region => ({ ...region, image: NO_BYTES, view: NO_VIEW }));
  const module = machine.modules.includes(mod) ? mod : null;
  return { module, name, taints: machine.taints, printed: machine.printed };
}

/** Whether the per-cpu data of a module fits beside the modules of a machine. Where it does not, only the loader may say what comes of it. */
export function fitsOn({ modules }: Machine, { module }: LeftBehind): boolean {
  const used = modules.reduce((sum, { percpuSize }) => sum + percpuSize, 0);
  return module === null || percpuFits(used, module.percpuSize);
}

/** Puts a module on a machine as it was loaded on another; use counts are a machine's own. */
export function adopt(machine: Machine, left: LeftBehind): void {
  machine.taints |= left.taints;
  for (const line of left.printed) machine.printed.add(line);
  if (left.module) machine.modules.unshift({ ...left.module, usedBy: [] });
}

/** What the kernel command line says to the loader; the last of repeated parameters counts. */
function bootParameters(cmdline: string, letters: BoolLetters): BootParameters {
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
