// What depmod wrote down of a modules directory; where it did not, it is found out here.
import path from 'node:path';
import { depmodFiles } from '../../../kmod/depmodText';
import { parseIndexes, type ModuleIndexes } from '../../../kmod/indexes';
import { readDepmodTree } from '../depmodTree';
import { readBytesIfThere } from '../files';

export interface IndexFiles {
  readonly indexes: ModuleIndexes;
  readonly fromModules: Readonly<Record<'modules.softdep' | 'modules.weakdep', string>>;
}

/** Reads the indexes of a modules directory. Throws InputError for files that cannot be read. */
export async function readIndexFiles(directory: string): Promise<IndexFiles> {
  const read = (name: string): string | null => {
    const bytes = readBytesIfThere(path.join(directory, name));
    return bytes && Buffer.from(bytes).toString('latin1');
  };
  const texts = read('modules.dep') === null ? await byDepmod(directory) : null;
  const text = (name: string): string => (texts ? (texts[name] ?? read(name)) : read(name)) ?? '';
  return {
    indexes: parseIndexes({
      dep: text('modules.dep'),
      alias: text('modules.alias'),
      symbols: text('modules.symbols'),
      builtin: text('modules.builtin'),
      builtinModinfo: text('modules.builtin.modinfo'),
    }),
    fromModules: { 'modules.softdep': text('modules.softdep'), 'modules.weakdep': text('modules.weakdep') },
  };
}

/** As files of an unpacked package, or of a build that was not installed, for which depmod never ran. */
async function byDepmod(directory: string): Promise<Readonly<Record<string, string>>> {
  const files = depmodFiles(await readDepmodTree(directory));
  const text = (lines: readonly string[]): string => lines.map(line => `${line}\n`).join('');
  return {
    'modules.dep': text(files.dep),
    'modules.alias': text(files.alias),
    'modules.symbols': text(files.symbols),
    'modules.softdep': text(files.softdep),
    'modules.weakdep': text(files.weakdep),
  };
}
