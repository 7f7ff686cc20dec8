// A file system in memory, for reading targets.
import path from 'node:path';
import { DISK } from '../../src/host/node/targetFiles';
import { unpackKernel } from '../../src/host/node/unpackKernel';
import { readImage } from '../../src/target/image/imageFacts';
import { InputError, type TargetFiles } from '../../src/target/files';

export type Tree = Readonly<Record<string, string | Uint8Array>>;

/** @param tree contents by absolute path; directories follow from them */
export function memoryFiles(tree: Tree): TargetFiles {
  const inside = (directory: string): string[] => {
    const below = `${path.posix.resolve(directory)}/`.replace('//', '/');
    return Object.keys(tree).flatMap(file => (file.startsWith(below) ? [file.slice(below.length)] : []));
  };
  const read = (file: string): Uint8Array | null => {
    const content = tree[path.posix.resolve(file)];
    return content === undefined ? null : Buffer.from(content);
  };
  return {
    ...DISK,
    path: path.posix,
    runningRelease: '6.1.0-running',
    isThere: file => read(file) !== null || inside(file).length > 0,
    isDirectory: file => inside(file).length > 0,
    isAutomounted: () => false,
    isLink: () => false,
    list: directory =>
      [...new Set(inside(directory).map(file => file.split('/')[0] ?? ''))]
        .sort()
        .map(name => ({ name, isDirectory: read(path.posix.join(directory, name)) === null })),
    read,
    readText: file => read(file)?.toString() ?? null,
    withParts(file, use) {
      const bytes = read(file);
      if (!bytes) throw new InputError(file, 'no such file or directory');
      return use({ size: bytes.length, read: (offset, length) => bytes.slice(offset, offset + length) });
    },
    readModule: async file => read(file) ?? new Uint8Array(),
    async readImage(file) {
      const facts = await readImage(read(file) ?? new Uint8Array(), unpackKernel);
      if ('id' in facts) throw new InputError(file, facts);
      return { ...facts, readBtf: () => facts.btf };
    },
  };
}
