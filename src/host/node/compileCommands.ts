// compile_commands.json of the modules below a directory, for clangd and other readers of C.
import { readdirSync, writeFileSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { note } from '../../findings/notes';
import { compileCommand, type CompileCommand } from '../../linux/scripts/clang-tools/genCompileCommands';
import { InputError, readTextIfReadable, readTextIfThere } from './files';
import { defaultTarget } from './targets';

export const FILE_NAME = 'compile_commands.json';

/** Every object below a directory that kbuild compiled, in the order of paths. */
export function compileCommandsBelow(directory: string): CompileCommand[] {
  const found: CompileCommand[] = [];
  const waiting = [path.resolve(directory)];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    let kernel: string | null = null;
    for (const entry of list(at)) {
      const file = path.join(at, entry.name);
      if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules') waiting.push(file);
      if (!entry.isFile() || !/^\..+\.o\.cmd$/.test(entry.name)) continue;
      kernel ??= defaultTarget(path.join(at, 'any.ko'));
      const command = compileCommand(readTextIfReadable(file) ?? '', { kernel, module: at });
      if (command) found.push(command);
    }
  }
  return found.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** As the system says it: read-only file system, permission denied. */
function reasonOfSystem(error: unknown): string {
  const errno = error instanceof Error && 'errno' in error ? Number(error.errno) : 0;
  return getSystemErrorMap().get(errno)?.[1] ?? String(error);
}

/**
 * Writes them into a file; entries for other sources stay in it. Returns how many were written. Throws InputError for a
 * file that holds something else, which is left alone, and for one that cannot be written.
 */
export function writeCompileCommands(file: string, commands: readonly CompileCommand[]): number {
  const own = new Set(commands.map(command => command.file));
  const others = readEntries(file).filter(entry => !own.has(path.resolve(entry.directory, entry.file)));
  try {
    writeFileSync(file, JSON.stringify([...others, ...commands], null, 2) + '\n');
  } catch (error) {
    throw new InputError(file, `cannot be written (${reasonOfSystem(error)})`);
  }
  return commands.length;
}

function readEntries(file: string): CompileCommand[] {
  const text = readTextIfThere(file);
  if (text === null) return [];
  let entries: unknown = null;
  try {
    entries = JSON.parse(text);
  } catch {
    // Told below.
  }
  if (!Array.isArray(entries) || !entries.every(isEntry)) throw new InputError(file, note('no-compile-commands'));
  return entries;
}

function isEntry(value: unknown): value is CompileCommand {
  const entry = value as Partial<CompileCommand> | null;
  return typeof entry?.file === 'string' && typeof entry.directory === 'string';
}

function list(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}
