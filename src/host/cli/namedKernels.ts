// Kernels by name on a terminal: --mirror, how far a download is, and what could not be verified.
import type { Command } from 'commander';
import { setNamedSettings } from '../node/named/settings';
import { complain } from './output';
import { progressOn } from './progress';

const MEGABYTE = 1_000_000;

/** For commands that take a kernel. */
export function addMirrorOption(command: Command): Command {
  return command.option(
    '--mirror <uri>',
    "where kernels given by name (debian:12) come from: an address or a directory (default: the machine's own sources of packages)",
  );
}

/** Tells what is fetched for a command, which is about to run. */
export function prepareNamedKernels(command: Command): void {
  const { mirror } = command.opts<{ readonly mirror?: string }>();
  const progress = progressOn(process.stderr);
  const told = new Set<string>();
  setNamedSettings({
    mirror: mirror ?? null,
    listener: (file, done, total) => {
      const inMegabytes = (bytes: number): number => Math.ceil(bytes / MEGABYTE);
      // Without a terminal there is no progress to see. One line says what is fetched.
      if (!process.stderr.isTTY && total > MEGABYTE && !told.has(file))
        complain(`fetching ${file} (${inMegabytes(total)} MB)`);
      told.add(file);
      if (done < total) progress.show(file, inMegabytes(done), inMegabytes(total), 'MB');
      else progress.clear();
    },
    warn: complain,
  });
}
