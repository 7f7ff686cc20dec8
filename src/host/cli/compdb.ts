// insmod-lens compdb: compile_commands.json of modules that kbuild built.
import path from 'node:path';
import type { Command } from 'commander';
import { compileCommandsBelow, FILE_NAME, writeCompileCommands } from '../node/compileCommands';
import { InputError, isDirectory } from '../node/files';
import { out } from './output';
import { printable } from './printable';

export function registerCompdb(program: Command): void {
  program
    .command('compdb')
    .description(`write ${FILE_NAME} for clangd and other tools, from the .cmd files of kbuild`)
    .argument('[dir]', 'directory with built modules', '.')
    .option('--output <file>', `file to write, - for standard output (default: ${FILE_NAME} in the directory)`)
    .action((directory: string, { output }: { readonly output?: string }) => {
      if (!isDirectory(directory)) throw new InputError(directory, 'no such directory');
      const commands = compileCommandsBelow(directory);
      if (commands.length === 0)
        throw new InputError(directory, 'has no .cmd files of objects: build the modules first');
      if (output === '-') {
        out(JSON.stringify(commands, null, 2) + '\n');
        return;
      }
      const file = output ?? path.join(directory, FILE_NAME);
      writeCompileCommands(file, commands);
      out(printable(`${file}: ${commands.length} ${commands.length === 1 ? 'command' : 'commands'}`) + '\n');
    });
}
