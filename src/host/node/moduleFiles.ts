// The module files of a modules directory.
import { readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { MODULE_FILE } from '../../formats/ko/moduleName';
import { inputError, isThere, type InputError } from './files';
import { fromOs, toOs } from './osPath';
import type { Pacer } from './pacer';

/** Is told of what else was met while modules were looked for. */
export interface TreeListener {
  /** A directory that cannot be listed. */
  readonly unlisted: (error: InputError) => void;
  readonly dkmsConf: (file: string) => void;
}

/**
 * Every module below a /lib/modules/RELEASE directory or a build tree, in the order in which depmod prefers them: those
 * under updates/ before the others, then by path. Links to directories are not followed; what cannot be listed is left
 * out, and said. `signal` ends the search with what was found so far.
 */
export async function listModuleFiles(
  directory: string,
  pacer: Pacer,
  { signal, heard }: { readonly signal?: AbortSignal; readonly heard?: TreeListener } = {},
): Promise<string[]> {
  const updates: string[] = [];
  const others: string[] = [];
  const top = path.join(directory, '.');
  const update = `${top}/updates/`;
  const waiting = [top];
  for (let at = waiting.pop(); at !== undefined && !signal?.aborted; at = waiting.pop()) {
    for (const entry of list(at, error => heard?.unlisted(error))) {
      const file = `${at}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!(at === top && NOT_MODULES.includes(entry.name)) && !entry.name.startsWith('.')) waiting.push(file);
      } else if (MODULE_FILE.test(entry.name)) {
        (file.startsWith(update) ? updates : others).push(file);
      } else if (entry.name === 'dkms.conf') heard?.dkmsConf(file);
    }
    await pacer.breathe();
  }
  return [...updates.sort(), ...others.sort()];
}

/** The headers, where they are not a link. */
const NOT_MODULES: readonly string[] = ['build', 'source'];

interface Entry {
  readonly name: string;
  isDirectory(): boolean;
}

function list(directory: string, unlisted: (error: InputError) => void = () => undefined): readonly Entry[] {
  try {
    const entries: Dirent[] = readdirSync(toOs(directory), { withFileTypes: true });
    if (!entries.some(({ name }) => name.includes('\ufffd'))) return entries;
    // Some name is not UTF-8: once more, as bytes.
    return readdirSync(toOs(directory), { withFileTypes: true, encoding: 'buffer' }).map(entry => ({
      name: fromOs(entry.name),
      isDirectory: () => entry.isDirectory(),
    }));
  } catch (error) {
    unlisted(inputError(directory, error));
    return [];
  }
}

/** The modules in the directory of a file, that one included. */
export function modulesBeside(file: string): string[] {
  const directory = path.dirname(file);
  return list(directory).flatMap(({ name }) => (MODULE_FILE.test(name) ? [path.join(directory, name)] : []));
}

const SUFFIXES = ['.ko', '.ko.xz', '.ko.zst', '.ko.gz'];

/**
 * The file of one of a kernel's own modules.
 *
 * @param directory a /lib/modules/RELEASE directory, or the tree the kernel was built in
 * @param owner path without suffix, as Module.symvers has it
 */
export function ownModuleFile(directory: string, owner: string): string | null {
  const places = [path.join(directory, 'kernel', owner), path.join(directory, owner)];
  return places.flatMap(place => SUFFIXES.map(suffix => place + suffix)).find(isThere) ?? null;
}
