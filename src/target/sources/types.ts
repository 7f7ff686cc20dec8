// What every source of targets is.
import type { TargetPlaces } from '../build/places';
import type { TargetFiles } from '../files';
import type { KernelFacts } from '../types';

export interface TargetOptions {
  /** Directory of the kernel's own modules, when the target does not lead to it. */
  readonly modules?: string;
}

export interface TargetSource {
  readonly name: string;
  /** Whether something that is there is a target of this kind. Never throws. */
  recognises(target: string, files: TargetFiles): boolean;
  /** Reads the facts. Throws InputError with one clear line for what is missing. */
  open(target: string, files: TargetFiles, options: TargetOptions): Promise<KernelFacts>;
  /** Where the parts of the target lie; null where it has none. Throws InputError. */
  places(target: string, files: TargetFiles, options: TargetOptions): TargetPlaces | null;
}
