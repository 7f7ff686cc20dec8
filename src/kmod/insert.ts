// modprobe NAME: the steps one after the other, and what their failing means (libkmod/libkmod-module.c,
// kmod_module_probe_insert_module()).
import { EEXIST, ENOENT, strerror } from '../linux/errno';
import type { KmodModule, ModuleLookup } from './moduleLookup';
import { probeSteps, type ProbeStep } from './probe';

export interface InsertOptions {
  /** -i */
  readonly ignoreCommands: boolean;
  /** --show-depends: whatever is loaded already. */
  readonly ignoreLoaded: boolean;
  /** --first-time */
  readonly failOnLoaded: boolean;
  /** -b: blacklisted modules are passed over even when they were not found by an alias. */
  readonly useBlacklist: boolean;
  readonly parameters: string;
}

/** Where modules are loaded. */
export interface InsertMachine {
  isLoaded(name: string): boolean;
  /** Does a step: loads a module or says what command would be run. Returns an errno. */
  insert(step: ProbeStep): Promise<number>;
}

/** Returns the errno modprobe ends with: 0 also for what is loaded already or not to be loaded. */
export async function insertModule(
  lookup: ModuleLookup,
  module: KmodModule,
  options: InsertOptions,
  machine: InsertMachine,
): Promise<number> {
  const isInKernel = (candidate: KmodModule): boolean =>
    !options.ignoreLoaded && (machine.isLoaded(candidate.name) || lookup.isBuiltin(candidate));
  if (isInKernel(module)) return options.failOnLoaded ? EEXIST : 0;
  if (lookup.isBlacklisted(module) && (module.alias !== null || options.useBlacklist)) return 0;
  for (const step of probeSteps(lookup, module, options)) {
    const errno = isInKernel(step.module) ? EEXIST : await machine.insert(step);
    if (errno === EEXIST) {
      if (step.isTarget && options.failOnLoaded) return EEXIST;
    } else if (errno !== 0 && step.required) {
      return errno;
    }
  }
  return 0;
}

/** modprobe's line for an errno (tools/modprobe.c, insmod()). */
export function modprobeLine(name: string, errno: number): string {
  return `modprobe: ERROR: could not insert '${name}': ${SPECIAL[errno] ?? strerror(errno)}`;
}

const SPECIAL: Readonly<Record<number, string>> = {
  [ENOENT]: 'Unknown symbol in module, or unknown parameter (see dmesg)',
  [EEXIST]: 'Module already in kernel',
};
