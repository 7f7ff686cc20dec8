// Kernel images on the disk of this machine. What was read is kept from run to run: unpacking takes a second.
import { deserialize, serialize } from 'node:v8';
import type { Note } from '../../findings/notes';
import { kernelOfElf } from '../../target/image/elfParts';
import { factsOfKernel, type ImageFacts } from '../../target/image/imageFacts';
import { openKernelBytes, type KernelBytes } from '../../target/image/kernelBytes';
import type { ImageReading } from '../../target/files';
import { isRecord } from '../../target/snapshot';
import { cacheDirectory, kernelFiles, type CacheFiles } from './cacheFiles';
import { cachePair, type CachePair } from './cachePair';
import { identityOf, inputError, InputError, readBytes, withFileParts } from './files';

/** As TargetFiles.readImage(). */
export async function readKernelImage(file: string): Promise<ImageReading> {
  const directory = cacheDirectory();
  const kept = directory === null ? null : keptFor(kernelFiles(directory), file);
  const known = kept?.recall();
  const recalled = known ? parse(known.small) : null;
  if (known && recalled) return { ...recalled, readBtf: known.readLarge };
  const { btf, ...facts } = await read(file);
  kept?.keep(serialize(facts), btf);
  return { ...facts, readBtf: () => btf };
}

/** No image is larger, in bytes; one for Android has a ramdisk in it as well. */
const MOST_FILE = 2 ** 29;

async function read(file: string): Promise<ImageFacts> {
  const { unpackKernel } = await import('./unpackKernel');
  return reading(file, async () => factsOfKernel(await openKernel(file), unpackKernel));
}

/** The kernel in an image, unpacked. Throws {@link InputError}. */
export async function openKernel(file: string): Promise<KernelBytes> {
  // Of a vmlinux most is debug information, which can be gigabytes.
  const elf = withFileParts(file, kernelOfElf);
  if (elf) return elf;
  // The libraries are loaded only when there is a kernel to read.
  const { unpackKernel } = await import('./unpackKernel');
  return reading(file, () => openKernelBytes(readBytes(file, MOST_FILE), unpackKernel));
}

async function reading<T extends object>(file: string, read: () => Promise<T | Note>): Promise<T> {
  try {
    const found = await read();
    if (!('id' in found)) return found;
    throw new InputError(file, found);
  } catch (error) {
    throw inputError(file, error);
  }
}

/** The facts that every simulation needs, and BTF; null for a file that is not there. */
function keptFor(files: CacheFiles, file: string): CachePair | null {
  const identity = identityOf(file);
  return identity === null ? null : cachePair(files, ['kernel', identity]);
}

/** The checksum says that these are the bytes that this build has written. */
function parse(bytes: Uint8Array): KeptFacts | null {
  try {
    const facts: unknown = deserialize(bytes);
    return isRecord(facts) && typeof facts['release'] === 'string' ? (facts as unknown as KeptFacts) : null;
  } catch {
    return null;
  }
}

type KeptFacts = Omit<ImageFacts, 'btf'>;
