// Kernels that are not here, by name: fetched once, reduced to facts, and kept.
import path from 'node:path';
import { note, reasonOf, noteText } from '../../../findings/notes';
import { isRecord } from '../../../target/snapshot';
import type { TargetFiles } from '../../../target/files';
import type { KernelFacts } from '../../../target/types';
import { cacheDirectory, cacheKey, CacheFiles, kernelFiles } from '../cacheFiles';
import { InputError } from '../files';
import { keptFacts, type KeptFacts } from '../keptFacts';
import { memoryFiles } from '../packages/memoryFiles';
import { IMAGE_PLACE } from '../packages/packageEntry';
import { withScratchUntilSignal } from '../scratch';
import { aptSources } from './aptSources';
import type { Fetching } from './archive';
import { debianArchives, fetchDebianPackages, findDebianKernel, parseDebianName, type FoundKernel } from './debian';
import { namedSettings } from './settings';

/** Where records of names are kept, below the directory of the cache. The facts are among those of other kernels. */
export const namedFiles = (directory: string): CacheFiles => new CacheFiles(path.join(directory, 'named'));

/** Where images of kernels by name are kept, once they were booted. */
export const imageFiles = (directory: string): CacheFiles => new CacheFiles(path.join(directory, 'images'));

/** A name that was looked up. */
export interface NamedRecord {
  readonly name: string;
  readonly release: string;
  /** Of the packages. */
  readonly version: string;
  /** Where they came from. */
  readonly mirror: string;
  /** Milliseconds since 1970. */
  readonly asked: number;
  /** What tells these packages from others: their sums. */
  readonly identity: readonly string[];
}

/** An index that was asked so long ago is asked again: there may be a newer kernel by that name. Milliseconds. */
const FRESH = 24 * 3600 * 1000;

/** As TargetFiles.readNamed(). */
export async function readNamed(
  name: string,
  read: (inside: TargetFiles) => Promise<KernelFacts>,
): Promise<KernelFacts> {
  const settings = namedSettings();
  const wanted = parseDebianName(name);
  const directory = cacheDirectory();
  const record = directory === null ? null : recordOf(namedFiles(directory), name);
  const known = record && directory !== null ? keptFacts(kernelFiles(directory), record.identity).recall() : null;
  // A release stays the same; a suite may have a newer kernel.
  const isFresh = wanted.release !== null || (record !== null && Date.now() - record.asked < FRESH);
  if (known && isFresh && (settings.mirror === null || record?.mirror === settings.mirror)) return known;
  if (settings.offline) {
    if (known) return known;
    throw new InputError(name, note('kernel-not-fetched'));
  }
  const archives = debianArchives(aptSources(), settings.mirror);
  if (!archives) {
    if (known) return known;
    throw new InputError(name, note('no-mirror'));
  }
  try {
    return await withScratchUntilSignal(async scratch => {
      const fetching: Fetching = { ...settings, scratch };
      const found = await findDebianKernel(name, wanted, archives, fetching);
      const { release, version } = found;
      const identity = identityOf(found);
      const kept = directory === null ? null : keptFacts(kernelFiles(directory), identity);
      const facts = kept?.recall() ?? (await readFound(found, fetching, read, { directory, kept }));
      const { uri: mirror } = archives.main;
      if (directory !== null) keepRecord(directory, { name, release, version, mirror, asked: Date.now(), identity });
      return facts;
    });
  } catch (error) {
    if (!known || !record || !(error instanceof InputError)) throw error;
    const day = new Date(record.asked).toISOString().slice(0, 10);
    settings.warn(`${name}: using the kernel that was found on ${day} (${noteText(reasonOf(error))})`);
    return known;
  }
}

const identityOf = ({ packages }: FoundKernel): string[] => ['named', ...packages.map(({ sha256 }) => sha256)];

async function readFound(
  found: FoundKernel,
  fetching: Fetching,
  read: (inside: TargetFiles) => Promise<KernelFacts>,
  { directory, kept }: { readonly directory: string | null; readonly kept: KeptFacts | null },
): Promise<KernelFacts> {
  const packages = await fetchDebianPackages(found.packages, fetching);
  const { filesOfKernel } = await import('../packages/kernelPackages');
  const files = await filesOfKernel(packages);
  const facts = await read(memoryFiles(files));
  kept?.keep(facts);
  const [image] = [...files].flatMap(([place, bytes]) => (IMAGE_PLACE.test(place) ? [bytes] : []));
  if (directory !== null && image) imageFiles(directory).write(imageKey({ identity: identityOf(found) }), image);
  return facts;
}

export const imageKey = ({ identity }: Pick<NamedRecord, 'identity'>): string => cacheKey('image', ...identity);

const keyOf = (name: string): string => cacheKey('name', name);

function keepRecord(directory: string, record: NamedRecord): void {
  namedFiles(directory).write(keyOf(record.name), Buffer.from(JSON.stringify(record)));
}

export function recordOf(files: CacheFiles, name: string): NamedRecord | null {
  return parseRecord(files, keyOf(name));
}

/** Another version of this program may have kept something else there. */
function parseRecord(files: CacheFiles, key: string): NamedRecord | null {
  const found = files.read(key);
  if (found.kind !== 'whole') return null;
  try {
    const record: unknown = JSON.parse(found.bytes.toString());
    return isRecord(record) && typeof record['name'] === 'string' && Array.isArray(record['identity'])
      ? (record as unknown as NamedRecord)
      : null;
  } catch {
    return null;
  }
}

/** Every name that was looked up and is still in the cache below `directory`. */
export function namedKernels(directory: string): NamedRecord[] {
  const files = namedFiles(directory);
  return files
    .keys()
    .flatMap(key => parseRecord(files, key) ?? [])
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Forgets a name, and its facts unless another name means the same kernel. Whether it was known. */
export function removeNamed(directory: string, name: string): boolean {
  const files = namedFiles(directory);
  const record = recordOf(files, name);
  if (!record) return false;
  files.remove(keyOf(name));
  const isShared = namedKernels(directory).some(({ identity }) => identity.join() === record.identity.join());
  if (isShared) return true;
  keptFacts(kernelFiles(directory), record.identity).remove();
  imageFiles(directory).remove(imageKey(record));
  return true;
}
