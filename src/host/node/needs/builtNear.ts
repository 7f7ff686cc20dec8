// Modules that were built together with one: those beside it, and those it was given symbols of by KBUILD_EXTRA_SYMBOLS.
import path from 'node:path';
import { isThere, readTextIfThere } from '../files';
import { modulesBeside } from '../moduleFiles';

/** Their files, the module's own included. */
export function builtNear(file: string): string[] {
  return [...new Set([...modulesBeside(file), ...extraSymbols(path.dirname(file)).flatMap(modulesOf)])];
}

/** Module.symvers files that modpost read (-i), by the command that kbuild keeps (scripts/Makefile.modpost). */
function extraSymbols(directory: string): string[] {
  const command = readTextIfThere(path.join(directory, '.Module.symvers.cmd')) ?? '';
  const files = Array.from(command.matchAll(/ -[ie] (\/\S+)/g), match => path.resolve(match[1] ?? ''));
  return files.filter(isThere);
}

/** Modules that a Module.symvers lists and that lie where it says, or beside it. */
function modulesOf(symvers: string): string[] {
  const owners = new Set<string>();
  for (const line of (readTextIfThere(symvers) ?? '').split('\n')) {
    const owner = line.split('\t')[2];
    if (owner !== undefined && owner !== 'vmlinux') owners.add(owner);
  }
  return [...owners].flatMap(owner => {
    const places = [`${owner}.ko`, path.join(path.dirname(symvers), `${path.basename(owner)}.ko`)];
    return places.find(place => path.isAbsolute(place) && isThere(place)) ?? [];
  });
}
