// insmod-lens cache: what earlier runs have left behind.
import type { Command } from 'commander';
import { cacheDirectory, type CacheFiles } from '../node/cacheFiles';
import { keptFiles } from '../node/keptFiles';
import { out } from './output';
import { printable } from './printable';

/** Adds the command `cache`, which lists the files, or removes them. */
export function registerCache(program: Command): void {
  program
    .command('cache')
    .description(
      'list the cached results of check, what was read of kernels, their images and compiled code, or clear them',
    )
    .option('--clear', 'remove all of it')
    .option('--all', `name every file, not only the ${MOST_SHOWN} used last of each kind`)
    .action(cache);
}

function cache({ clear, all }: { readonly clear?: boolean; readonly all?: boolean }): void {
  const directory = cacheDirectory();
  if (directory === null) {
    out('no cache: this user has no home directory, and XDG_CACHE_HOME is not set\n');
    return;
  }
  for (const files of keptFiles(directory)) {
    if (clear === true) out(`${printable(files.directory)}: ${filesText(files.clear())} removed\n`);
    else list(files, all === true ? Infinity : MOST_SHOWN);
  }
}

/** Files of one kind that are named without being asked for. */
const MOST_SHOWN = 5;

function list(files: CacheFiles, most: number): void {
  const listed = [...files.list()].sort((a, b) => b.used - a.used);
  const total = listed.reduce((sum, { size }) => sum + size, 0);
  out(`${printable(files.directory)}: ${filesText(listed.length)}, ${total} bytes\n`);
  for (const { name, size, used } of listed.slice(0, most))
    out(`${name}  ${size} bytes  used ${new Date(used).toISOString()}\n`);
  if (listed.length > most) out(`... and ${listed.length - most} more (--all names them)\n`);
}

const filesText = (count: number): string => (count === 1 ? '1 file' : `${count} files`);
