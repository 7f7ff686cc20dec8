// A kernel in packages, as facts. What was read is kept from run to run: unpacking takes seconds.
import path from 'node:path';
import type { TargetFiles } from '../../../target/files';
import type { FactName, KernelFacts } from '../../../target/types';
import { cacheDirectory } from '../cacheFiles';
import { inputError, stampOfStat, statIfThere, withFileParts } from '../files';
import { keptFacts } from '../keptFacts';
import { kernelFiles } from '../kernelImages';
import { filesOfCapture, isCapture } from './capturedFiles';
import { memoryFiles } from './memoryFiles';
import { packagesOfKernel } from './siblings';

/** As TargetFiles.readPackage(). */
export async function readPackage(
  file: string,
  read: (inside: TargetFiles) => Promise<KernelFacts>,
): Promise<KernelFacts> {
  // What is wrong with the file is said before anything beside it is looked at.
  withFileParts(file, () => null);
  const captured = isCapture(file);
  const packages = captured ? [file] : packagesOfKernel(file);
  const directory = cacheDirectory();
  const kept = directory === null ? null : keptFacts(kernelFiles(directory), ['package', ...packages.map(identityOf)]);
  const known = kept?.recall();
  if (known) return known;
  try {
    const facts = named(
      await read(memoryFiles(captured ? filesOfCapture(file) : await unpackedFiles(packages))),
      file,
      packages.length,
    );
    kept?.keep(facts);
    return facts;
  } catch (error) {
    throw inputError(file, error);
  }
}

/** The libraries are loaded only when there is a package to read. */
async function unpackedFiles(packages: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const { filesOfKernel } = await import('./kernelPackages');
  return filesOfKernel(packages);
}

function identityOf(file: string): string {
  const stat = statIfThere(file);
  return [file, stat ? `${stampOfStat(stat)}:${stat.ctimeMs}` : '-'].join('\0');
}

/** Where facts were learnt, with the package before the place in it. */
function named(facts: KernelFacts, file: string, packages: number): KernelFacts {
  const prefix = packages > 1 ? `${packages} packages` : path.basename(file);
  const sources = Object.entries(facts.sources ?? {}) as [FactName, string][];
  const value = Object.fromEntries(sources.map(([name, source]) => [name, `${prefix}: ${source}`]));
  // Not spread: some facts are read when they are asked for.
  return Object.create(Object.prototype, {
    ...Object.getOwnPropertyDescriptors(facts),
    sources: { value, enumerable: true },
  }) as KernelFacts;
}
