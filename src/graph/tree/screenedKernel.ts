// Kernels a screen can answer for, and what it compares modules with.
import { deriveFeatures, type Features } from '../../linux/generations';
import type { KernelFacts } from '../../target/types';
import { takenSysfsNames } from '../../linux/kernel/module/modSysfsSetup';

export interface ScreenedKernel {
  readonly facts: KernelFacts;
  readonly features: Features;
  /** From the first space on: what counts for modules with symbol versions. */
  readonly magicRest: string;
  readonly takenNames: ReadonlySet<string>;
}

/**
 * Prepares a kernel that has booted without loader parameters; null for one whose modules have to be loaded one by one
 * to know: every kernel but those of x86_64 from 5.19 on, and those that insist on signatures.
 */
export function screenedKernel(facts: KernelFacts): ScreenedKernel | null {
  const features = deriveFeatures(facts);
  const known =
    features.arch === 'x86_64' &&
    features.elfChecks !== 'classic' &&
    features.elfChecks !== 'summary' &&
    features.prel32Exports &&
    features.exportNamespaces &&
    !features.relativeCrcs &&
    features.crcSize === 4 &&
    !features.moduleSigForce &&
    !facts.exports.skippedLines;
  if (!known) return null;
  const space = facts.vermagic.indexOf(' ');
  return {
    facts,
    features,
    magicRest: space < 0 ? '' : facts.vermagic.slice(space),
    takenNames: takenSysfsNames(facts),
  };
}
