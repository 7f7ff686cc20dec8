// Files that were taken out of packages, as sources of targets read them: they have a separate root, and none of them is on the disk.
import os from 'node:os';
import { posix } from 'node:path';
import { note } from '../../../findings/notes';
import { readImage } from '../../../target/image/imageFacts';
import type { DirectoryEntry, TargetFiles } from '../../../target/files';
import { unpackModule } from '../decompress';
import { InputError } from '../files';
import { signersOf } from '../lazyPkcs7';

/** @param files by absolute path */
export function memoryFiles(files: ReadonlyMap<string, Uint8Array>): TargetFiles {
  const directories = directoriesOf(files.keys());
  const bytesOf = (path: string): Uint8Array => {
    const bytes = files.get(posix.resolve('/', path));
    if (!bytes) throw new InputError(path, note('no-such-file'));
    return bytes;
  };
  const read = (path: string): Uint8Array | null => files.get(posix.resolve('/', path)) ?? null;
  return {
    path: { ...posix, resolve: (...parts) => posix.resolve('/', ...parts) },
    runningRelease: os.release(),
    isThere: path => read(path) !== null || directories.has(posix.resolve('/', path)),
    isAutomounted: () => false,
    isDirectory: path => directories.has(posix.resolve('/', path)),
    // Links are not unpacked; every file that is read has a fixed place.
    isLink: () => false,
    readLink: path => path,
    list: directory => directories.get(posix.resolve('/', directory)) ?? [],
    read,
    readText: path => {
      const bytes = read(path);
      return bytes && Buffer.from(bytes).toString('utf8');
    },
    withParts: (path, use) => {
      const bytes = bytesOf(path);
      return use({ size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) });
    },
    readImage: async path => {
      const { unpackKernel } = await import('../unpackKernel');
      const facts = await readImage(bytesOf(path), unpackKernel);
      if ('id' in facts) throw new InputError(path, facts);
      return { ...facts, readBtf: () => facts.btf };
    },
    readModule: path => unpackModule(path, bytesOf(path)),
    readPackage: path => Promise.reject(new InputError(path, note('no-such-file'))),
    readNamed: name => Promise.reject(new InputError(name, note('no-such-file'))),
    unpackText: () => null,
    signersOf,
  };
}

function directoriesOf(paths: Iterable<string>): Map<string, DirectoryEntry[]> {
  const directories = new Map<string, DirectoryEntry[]>();
  const enter = (path: string, isDirectory: boolean): void => {
    const above = posix.dirname(path);
    const known = directories.get(above);
    if (!known) {
      directories.set(above, []);
      if (above !== '/') enter(above, true);
    }
    directories.get(above)?.push({ name: posix.basename(path), isDirectory });
  };
  for (const path of [...paths].sort()) enter(path, false);
  return directories;
}
