// Our modprobe in this process, without a machine: what `modprobe -D` prints, for many names at little cost.
import { insertModule } from '../../src/kmod/insert';
import { ModuleLookup } from '../../src/kmod/moduleLookup';
import { showStep } from '../../src/kmod/probe';
import { readConfig } from '../../src/host/node/modprobe/configFiles';
import { readIndexFiles } from '../../src/host/node/modprobe/indexFiles';
import { existsFile } from '../../src/host/node/modprobe/simulation';

export interface ShowOptions {
  readonly directory: string;
  /** null for the machine's own. */
  readonly paths: readonly string[] | null;
  readonly cmdline: string;
  readonly useBlacklist?: boolean;
  readonly ignoreCommands?: boolean;
}

/** Lines for every name, in order. */
export async function showDepends(names: readonly string[], options: ShowOptions): Promise<string[]> {
  const { directory, paths, cmdline } = options;
  const { indexes, fromModules } = await readIndexFiles(directory);
  const config = readConfig({ paths, fromModules, directory, cmdline });
  const lines: string[] = [];
  for (const name of names) {
    const lookup = new ModuleLookup({ config, indexes, directory, exists: existsFile });
    for (const module of lookup.find(name) ?? [])
      await insertModule(
        lookup,
        module,
        {
          ignoreCommands: options.ignoreCommands ?? false,
          ignoreLoaded: true,
          failOnLoaded: false,
          useBlacklist: options.useBlacklist ?? false,
          parameters: '',
        },
        {
          isLoaded: () => false,
          insert: step => {
            const line = showStep(step);
            if (line !== null) lines.push(line);
            return Promise.resolve(0);
          },
        },
      );
  }
  return lines;
}
