// Which directory of modules a command is about.
import os from 'node:os';
import { InputError, isThere } from '../node/files';
import { placesOf } from '../node/targets';

export interface DirectoryOptions {
  /** Root of the file system and version of the kernel, as kmod's tools take them. */
  readonly dirname?: string | undefined;
  readonly setVersion?: string | undefined;
  /** The directory itself. */
  readonly modules?: string | undefined;
  /** Targets; the first leads to its modules. */
  readonly kernel?: readonly string[] | undefined;
}

/** As kmod has it when root or version are given, else where the target leads to. Throws InputError. */
export function modulesDirectory({ dirname, setVersion, modules, kernel }: DirectoryOptions): string {
  const installed = `${dirname ?? ''}/lib/modules/${setVersion ?? os.release()}`;
  if (dirname !== undefined || setVersion !== undefined) return installed;
  if (modules !== undefined) return modules;
  const target = kernel?.[0];
  if (target === undefined) return installed;
  const found = isThere(target) ? (placesOf(target)?.modules ?? null) : null;
  if (found === null) throw new InputError(target, 'does not lead to its modules: name their directory with --modules');
  return found;
}
