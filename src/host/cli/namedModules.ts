// Module files below a directory that a log names: a person who pastes a log often stands where the module was built.
import { readdirSync } from 'node:fs';
import nodePath from 'node:path';
import { isOfTool } from '../../explain/explained';
import type { LogExplanation } from '../../explain/explainLog';

/** Directories that no build puts modules in, or that hold those of whole kernels. */
const SKIPPED: ReadonlySet<string> = new Set(['.git', 'node_modules', 'proc', 'sys', 'dev']);
/** Entries that are looked at: a source tree of a driver has fewer. */
const MOST_ENTRIES = 20_000;

/** Names of the modules that the cause of a log is about. */
export function modulesOf({ main }: LogExplanation): readonly string[] {
  if (main === null) return [];
  return isOfTool(main) ? main.modules : main.module === null ? [] : [main.module];
}

/** The first file below `directory`, nearest first, that is one of the modules; null where there is none. */
export function findNamed(directory: string, modules: readonly string[]): string | null {
  const wanted = new Set(modules.map(name => `${name.replaceAll('-', '_')}.ko`));
  if (wanted.size === 0) return null;
  const queue = [directory];
  let seen = 0;
  for (let next = queue.shift(); next !== undefined && seen < MOST_ENTRIES; next = queue.shift()) {
    for (const entry of entriesOf(next)) {
      seen++;
      const file = nodePath.join(next, entry.name);
      if (entry.isFile() && wanted.has(entry.name.replaceAll('-', '_'))) return file;
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) queue.push(file);
    }
  }
  return null;
}

function entriesOf(directory: string): { name: string; isFile(): boolean; isDirectory(): boolean }[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    // What cannot be read is not searched.
    return [];
  }
}
