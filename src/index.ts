// The library: a target kernel, and a machine that has booted it (a stable contract: README.md has an example).
import type { KernelFacts } from './target/types';
import { CoreSystem, type SystemOptions } from './system';
import { decompress } from './host/node/lazyDecompress';
import { verifyPkcs7 } from './host/node/lazyPkcs7';
import { readTargetCached } from './host/node/targets';
import type { TargetOptions } from './host/node/targets';

export { InputError } from './host/node/files';
export type { KernelFacts } from './target/types';
export type { Note } from './findings/notes';
export type { Finding, LogLine } from './findings/types';
export type * from './report/types';
export type { TracedLoad } from './report/view/tracedLoad';
export type { InsmodOptions, ModuleFile, RmmodResult, SystemOptions } from './system';

/**
 * Reads a target kernel: a build directory (headers package or built tree), a /lib/modules/RELEASE directory, a kernel
 * image or a snapshot. Kept in memory by path and time of change. Throws {@link InputError} with one line for what it cannot use.
 */
export function openTarget(path: string, options: TargetOptions = {}): Promise<KernelFacts> {
  return readTargetCached(path, options);
}

/** A machine that has just booted a kernel: it keeps loaded modules, use counts, taints and once-only lines. */
export class System extends CoreSystem {
  constructor(target: KernelFacts, options: SystemOptions = {}) {
    super(target, options, { verifyPkcs7, decompress });
  }
}
