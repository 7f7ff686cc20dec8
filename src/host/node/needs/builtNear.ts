// Modules that were built together with one: those beside it, and those it was given symbols of by KBUILD_EXTRA_SYMBOLS.
import path from 'node:path';
import { isAutomounted } from '../automounts';
import { isThere, readTextIfReadable } from '../files';
import { modulesBeside } from '../moduleFiles';

/**
 * Their files, the module's own included: the same for all modules of one directory.
 *
 * @param mounts as /proc/self/mounts has them, which is read when it is needed. Files of strangers name other directories: none is looked at that would make this
 * machine reach for another.
 */
export function builtNear(file: string, mounts: string | null = null): string[] {
  let known = mounts;
  const isHere: IsHere = place => {
    known ??= readTextIfReadable('/proc/self/mounts') ?? '';
    return !isAutomounted(place, known) && isThere(place);
  };
  const given = extraSymbols(path.dirname(file), isHere).flatMap(symvers => modulesOf(symvers, isHere));
  return [...new Set([...modulesBeside(file), ...given])];
}

type IsHere = (place: string) => boolean;

/** Module.symvers files that modpost read (-i), by the command that kbuild keeps (scripts/Makefile.modpost). */
function extraSymbols(directory: string, isHere: IsHere): string[] {
  const command = readTextIfReadable(path.join(directory, '.Module.symvers.cmd')) ?? '';
  const files = Array.from(command.matchAll(/ -[ie] (\/\S+)/g), match => path.resolve(match[1] ?? ''));
  return files.filter(isHere);
}

/** Modules that a Module.symvers lists and that lie where it says, or beside it. */
function modulesOf(symvers: string, isHere: IsHere): string[] {
  const owners = new Set<string>();
  for (const line of (readTextIfReadable(symvers) ?? '').split('\n')) {
    const owner = line.split('\t')[2];
    if (owner !== undefined && owner !== 'vmlinux') owners.add(owner);
  }
  return [...owners].flatMap(owner => {
    const places = [`${owner}.ko`, path.join(path.dirname(symvers), `${path.basename(owner)}.ko`)];
    return places.find(place => path.isAbsolute(place) && isHere(place)) ?? [];
  });
}
