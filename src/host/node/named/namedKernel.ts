// Kernels that are not here, by name: fetched once, reduced to facts, and kept.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { note, reasonOf, noteText } from '../../../findings/notes';
import { isRecord } from '../../../target/snapshot';
import type { TargetFiles } from '../../../target/files';
import type { KernelFacts } from '../../../target/types';
import { cacheDirectory, CacheFiles } from '../cacheFiles';
import { InputError } from '../files';
import { keptFacts, type KeptFacts } from '../keptFacts';
import { memoryFiles } from '../packages/memoryFiles';
import { aptSources } from './aptSources';
import type { Fetching } from './archive';
import { debianArchives, fetchDebianKernel, findDebianKernel, parseDebianName, type FoundKernel } from './debian';
import type { DownloadListener } from './fetching';

/** Where they are kept, below the directory of the cache. */
export const namedFiles = (directory: string): CacheFiles => new CacheFiles(path.join(directory, 'named'));

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

export interface NamedSettings {
  /** An archive to ask instead of those of this machine. */
  readonly mirror: string | null;
  readonly listener: DownloadListener;
  readonly signal: AbortSignal | null;
  readonly warn: (line: string) => void;
}

let settings: NamedSettings = { mirror: null, listener: () => undefined, signal: null, warn: () => undefined };

/** How names are looked up from now on in this process. */
export function setNamedSettings(changed: Partial<NamedSettings>): void {
  settings = { ...settings, ...changed };
}

/** An index that was asked so long ago is asked again: there may be a newer kernel by that name. Milliseconds. */
const FRESH = 24 * 3600 * 1000;

/** As TargetFiles.readNamed(). */
export async function readNamed(
  name: string,
  read: (inside: TargetFiles) => Promise<KernelFacts>,
): Promise<KernelFacts> {
  const wanted = parseDebianName(name);
  const directory = cacheDirectory();
  const files = directory === null ? null : namedFiles(directory);
  const record = files && recordOf(files, name);
  const known = record && files && keptFacts(files, record.identity).recall();
  const isSame = record !== null && (settings.mirror === null || record.mirror === settings.mirror);
  // A release stays what it is; of a suite there may be a newer one.
  if (known && isSame && (wanted.release !== null || Date.now() - record.asked < FRESH)) return known;
  const archives = debianArchives(aptSources(), settings.mirror);
  if (!archives) {
    if (known) return known;
    throw new InputError(name, note('no-mirror'));
  }
  const scratch = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
  const tidy = (): void => rmSync(scratch, { recursive: true, force: true });
  process.on('exit', tidy);
  const fetching: Fetching = { ...settings, scratch };
  try {
    const found = await findDebianKernel(name, wanted, archives, fetching);
    const identity = ['named', ...found.packages.map(({ sha256 }) => sha256)];
    const kept = files && keptFacts(files, identity);
    const facts = kept?.recall() ?? (await readFound(found, fetching, read, kept));
    const { release, version } = found;
    files?.write(
      keyOf(name),
      bytesOf({ name, release, version, mirror: archives.main.uri, asked: Date.now(), identity }),
    );
    return facts;
  } catch (error) {
    if (!known || !(error instanceof InputError)) throw error;
    settings.warn(
      `${name}: taken as it was on ${new Date(record.asked).toISOString().slice(0, 10)} (${noteText(reasonOf(error))})`,
    );
    return known;
  } finally {
    process.off('exit', tidy);
    tidy();
  }
}

async function readFound(
  found: FoundKernel,
  fetching: Fetching,
  read: (inside: TargetFiles) => Promise<KernelFacts>,
  kept: KeptFacts | null,
): Promise<KernelFacts> {
  const packages = await fetchDebianKernel(found, fetching);
  const { filesOfKernel } = await import('../packages/kernelPackages');
  const facts = await read(memoryFiles(await filesOfKernel(packages)));
  kept?.keep(facts);
  return facts;
}

const keyOf = (name: string): string => createHash('sha256').update(`name\0${name}`).digest('hex').slice(0, 32);

const bytesOf = (record: NamedRecord): Buffer => Buffer.from(JSON.stringify(record));

function recordOf(files: CacheFiles, name: string): NamedRecord | null {
  const record = parseRecord(files, keyOf(name));
  return record?.name === name ? record : null;
}

/** The checksum says that these are the bytes that this program has written. */
function parseRecord(files: CacheFiles, key: string): NamedRecord | null {
  const found = files.read(key);
  if (found.kind !== 'whole' || found.bytes[0] !== OPEN_BRACE) return null;
  const record: unknown = JSON.parse(found.bytes.toString());
  return isRecord(record) && typeof record['name'] === 'string' && Array.isArray(record['identity'])
    ? (record as unknown as NamedRecord)
    : null;
}

const OPEN_BRACE = 0x7b;

/** Every name that was looked up and is still kept. */
export function namedKernels(files: CacheFiles): NamedRecord[] {
  return files
    .keys()
    .flatMap(key => parseRecord(files, key) ?? [])
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Forgets a name, and its facts unless another name means the same kernel. Whether it was known. */
export function removeNamed(files: CacheFiles, name: string): boolean {
  const record = recordOf(files, name);
  if (!record) return false;
  files.remove(keyOf(name));
  const shared = namedKernels(files).some(({ identity }) => identity.join() === record.identity.join());
  if (!shared) for (const key of keptFacts(files, record.identity).keys) files.remove(key);
  return true;
}
