// A kernel in packages, as facts. What was read is kept from run to run: unpacking takes seconds.
import path from 'node:path';
import { isCaptureOfFiles } from '../../../target/capturedFiles';
import type { TargetFiles } from '../../../target/files';
import type { FactName, KernelFacts } from '../../../target/types';
import { cacheDirectory, kernelFiles } from '../cacheFiles';
import { identityOf, inputError, withFileParts } from '../files';
import { keptFacts } from '../keptFacts';
import { filesOfCapture } from './capturedFiles';
import { memoryFiles } from './memoryFiles';
import { packagesOfKernel } from './siblings';

/** As TargetFiles.readPackage(). */
export async function readPackage(
  file: string,
  read: (inside: TargetFiles) => Promise<KernelFacts>,
): Promise<KernelFacts> {
  // Errors of the file itself are reported before its directory is searched.
  const { paths, readFiles } = withFileParts(file, isCaptureOfFiles) ? captureAt(file) : packagesAt(file);
  const directory = cacheDirectory();
  const identity = ['package', ...paths.map(each => identityOf(each) ?? each)];
  const kept = directory === null ? null : keptFacts(kernelFiles(directory), identity);
  const known = kept?.recall();
  if (known) return known;
  try {
    const facts = named(await read(memoryFiles(await readFiles())), file, paths.length);
    kept?.keep(facts);
    return facts;
  } catch (error) {
    throw inputError(file, error);
  }
}

/** Files on the disk that together hold the files of one kernel. */
interface Packed {
  readonly paths: readonly string[];
  /** By absolute path. Throws InputError. */
  readonly readFiles: () => Promise<ReadonlyMap<string, Uint8Array>>;
}

const captureAt = (file: string): Packed => ({ paths: [file], readFiles: async () => filesOfCapture(file) });

function packagesAt(file: string): Packed {
  const paths = packagesOfKernel(file);
  return {
    paths,
    readFiles: async () => {
      // The libraries are loaded only when a package has to be read.
      const { filesOfKernel } = await import('./kernelPackages');
      return filesOfKernel(paths);
    },
  };
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
