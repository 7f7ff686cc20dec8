// The kernels and machines of a request.
import { InputError, openTarget, System, type KernelFacts } from '../index';
import type { AnalyseRequest, TargetChoice } from '../protocol/analysis';
import { readModule } from './decompress';

/** As openTarget(), which see for what it throws. */
export function openChoice({ path, modules }: TargetChoice): Promise<KernelFacts> {
  return openTarget(path, modules ? { modules } : {});
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
