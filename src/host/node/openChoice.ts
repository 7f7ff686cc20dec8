// The kernels and machines of a request.
import { InputError, openTarget, System, type KernelFacts } from '../../index';
import type { AnalyseRequest, TargetChoice } from '../../protocol/analysis';
import { readModule } from './decompress';
import { placesOf } from './targets';

/** As openTarget(), which see for what it throws. */
export function openChoice({ path, modules }: TargetChoice): Promise<KernelFacts> {
  return openTarget(path, modules ? { modules } : {});
}

/** Where the modules of a target are; null when it has none or they were not found. */
export function modulesDirectory({ path, modules }: TargetChoice): string | null {
  if (modules) return modules;
  try {
    return placesOf(path)?.modules ?? null;
  } catch (error) {
    // What is wrong with the target is told when it is opened.
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** A machine that has booted a kernel and loaded the modules of the request that are not what it is about. */
export async function bootFor(request: AnalyseRequest, facts: KernelFacts): Promise<System> {
  const system = new System(facts, { cmdline: request.cmdline });
  for (const path of request.loaded) {
    try {
      const { bytes } = await readModule(path);
      system.insmod({ path, bytes });
    } catch (error) {
      // A module that cannot be read is not loaded: the symbols it would provide then show as missing.
      if (!(error instanceof InputError)) throw error;
    }
  }
  return system;
}
