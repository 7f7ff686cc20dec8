// The modules of a tree as depmod finds and reads them.
import { MODULE_FILE, moduleNameOfPath } from '../../formats/ko/moduleName';
import { opendirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { readDepmodModule, unreadableModule, type DepmodModule } from '../../kmod/depmodModule';
import { depmod, type DepmodTree } from '../../kmod/depmod';
import { EINVAL, ENOEXEC, strerror } from '../../linux/errno';
import { SymbolNames } from '../../formats/ko/symbolNames';
import type { ExportTable } from '../../target/exportTable';
import { InputError, readBytesIfThere, statIfThere } from './files';
import { readGraphFile } from './graphFile';

/** Reads every module below a directory and orders them. Throws {@link InputError} when it is none. */
export async function readDepmodTree(directory: string, symvers: ExportTable | null = null): Promise<DepmodTree> {
  const names = new SymbolNames();
  const modules: DepmodModule[] = [];
  for (const file of listDepmodFiles(directory)) modules.push(await readDepmodFile(directory, file, names));
  const order = readBytesIfThere(path.join(directory, 'modules.order'));
  return depmod({
    names,
    modules,
    order: order && Buffer.from(order).toString('latin1'),
    directory: Buffer.from(path.resolve(directory)).toString('latin1'),
    symvers,
  });
}

/** Reads one module of a tree; what is no module is noted as such. */
export async function readDepmodFile(directory: string, file: string, names: SymbolNames): Promise<DepmodModule> {
  const name = Buffer.from(file).toString('latin1');
  try {
    return readDepmodModule(await readGraphFile(path.join(directory, file)), name, names);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const size = statIfThere(path.join(directory, file))?.size ?? 0;
    return unreadableModule(name, strerror(size < LONGEST_MAGIC ? EINVAL : ENOEXEC));
  }
}

/** kmod first looks for the magic numbers of compression, and refuses a file shorter than the longest of them. */
const LONGEST_MAGIC = 6;

/**
 * Paths of the modules below a directory, each name once: those under updates/ before others, else the first in the order
 * the file system lists them (tools/depmod.c, depmod_modules_search()).
 */
export function listDepmodFiles(directory: string): string[] {
  const byName = new Map<string, string>();
  const visit = (below: string): void => {
    for (const entry of list(path.join(directory, below))) {
      if (entry.name === 'build' || entry.name === 'source') continue;
      const file = below === '' ? entry.name : `${below}/${entry.name}`;
      const kind = entry.isSymbolicLink() ? statIfThere(path.join(directory, file)) : entry;
      if (kind?.isDirectory()) visit(file);
      else if (kind?.isFile() && MODULE_FILE.test(entry.name)) {
        const name = moduleNameOfPath(file);
        const earlier = byName.get(name);
        if (earlier === undefined || (isUpdate(file) && !isUpdate(earlier))) byName.set(name, file);
      }
    }
  };
  visit('');
  return [...byName.values()];
}

const isUpdate = (file: string): boolean => file.startsWith('updates/');

/** In the order of the file system: readdirSync would sort. */
function list(directory: string): Dirent[] {
  const entries: Dirent[] = [];
  try {
    const handle = opendirSync(directory);
    for (let entry = handle.readSync(); entry; entry = handle.readSync()) entries.push(entry);
    handle.closeSync();
  } catch {
    // A directory that cannot be listed has nothing to offer.
  }
  return entries;
}
