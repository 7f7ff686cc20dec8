// Kernel images on the disk of this machine. What was read is kept from run to run: unpacking takes a second.
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { kernelOfElf } from '../../target/image/elfParts';
import { factsOfKernel, readImage, type ImageFacts } from '../../target/image/imageFacts';
import type { ImageReading } from '../../target/files';
import { isRecord } from '../../target/snapshot';
import { CacheFiles, cacheDirectory } from './cacheFiles';
import { inputError, InputError, readBytes, stampOfStat, statIfThere, withFileParts } from './files';
import { thisBuild } from './thisBuild';

/** Where what images tell lies in the directory of the cache. */
export const kernelFiles = (directory: string): CacheFiles => new CacheFiles(path.join(directory, 'kernels'));

/** As TargetFiles.readImage(). */
export async function readKernelImage(file: string): Promise<ImageReading> {
  const directory = cacheDirectory();
  const kept = directory === null ? null : keptFor(kernelFiles(directory), file);
  const known = kept?.recall();
  if (known) return known;
  const facts = await read(file);
  kept?.keep(facts);
  return { ...facts, readBtf: () => facts.btf };
}

/** No image is larger, in bytes; one for Android has a ramdisk in it as well. */
const MOST_FILE = 2 ** 29;

async function read(file: string): Promise<ImageFacts> {
  // Of a vmlinux most is debug information, which can be gigabytes.
  const elf = withFileParts(file, kernelOfElf);
  // The libraries are loaded only when there is a kernel to read.
  const { unpackKernel } = await import('./unpackKernel');
  try {
    const facts = elf
      ? await factsOfKernel(elf, unpackKernel)
      : await readImage(readBytes(file, MOST_FILE), unpackKernel);
    if (!('id' in facts)) return facts;
    throw new InputError(file, facts);
  } catch (error) {
    throw inputError(file, error);
  }
}

interface Kept {
  recall(): ImageReading | null;
  keep(facts: ImageFacts): void;
}

/** Two files: what every simulation asks for, and BTF, which is megabytes. null for a file that cannot be told apart later. */
function keptFor(files: CacheFiles, file: string): Kept | null {
  const stat = statIfThere(file);
  if (!stat) return null;
  const name = ['kernel', thisBuild(), realPath(file), stampOfStat(stat), stat.ctimeMs].join('\0');
  const keyOf = (part: string): string => createHash('sha256').update(`${part}\0${name}`).digest('hex').slice(0, 32);
  const [factsKey, btfKey] = [keyOf('facts'), keyOf('btf')];
  return {
    recall: () => {
      const found = files.read(factsKey);
      const facts = found.kind === 'whole' ? parse(found.bytes) : null;
      if (!facts || (facts.hasBtf && !files.has(btfKey))) return null;
      files.touch(factsKey);
      files.touch(btfKey);
      return { ...facts, readBtf: () => (facts.hasBtf ? btfOf(files, btfKey) : null) };
    },
    keep: ({ btf, ...facts }) => {
      // What is read first is written last: then both are there.
      if (btf && !files.write(btfKey, btf)) return;
      files.write(factsKey, serialize({ ...facts, hasBtf: btf !== null }));
    },
  };
}

function btfOf(files: CacheFiles, key: string): Uint8Array | null {
  const found = files.read(key);
  return found.kind === 'whole' ? new Uint8Array(found.bytes) : null;
}

type KeptFacts = Omit<ImageFacts, 'btf'> & { readonly hasBtf: boolean };

/** The checksum says that these are the bytes that this build has written. */
function parse(bytes: Uint8Array): KeptFacts | null {
  try {
    const facts: unknown = deserialize(bytes);
    return isRecord(facts) && typeof facts['release'] === 'string' ? (facts as unknown as KeptFacts) : null;
  } catch {
    return null;
  }
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}
