// What the rest of a root filesystem has to do with its modules: files that ask for them at boot, and trees that DKMS builds.
import path from 'node:path';
import { groupBy } from '../../../formats/groupBy';
import { BOOT_LISTS } from '../../../kmod/bootLists';
import { dkmsModules } from '../../../kmod/dkms';
import { moduleNameOfPath } from '../../../formats/ko/moduleName';
import type { CheckReport } from '../../../report/check/types';
import { isDirectory, namesIn, readTextIfReadable } from '../files';

export interface RootNotes {
  /** Files by module that they name, relative to the root. */
  readonly namedBy: ReadonlyMap<string, readonly string[]>;
  /** Directory of the sources by module that DKMS builds of them, relative to the root. */
  readonly dkms: ReadonlyMap<string, string>;
}

/** Reads them once for all kernels of the root. */
export function readRootNotes(root: string): RootNotes {
  const asked = BOOT_LISTS.flatMap(([place, namesIn]) =>
    filesAt(root, place).flatMap(file => {
      const names = namesIn(readTextIfReadable(path.join(root, file)) ?? '');
      return [...new Set(names)].map(name => ({ name, file }));
    }),
  );
  const namedBy = new Map(
    [...groupBy(asked, ({ name }) => name)].map(([name, all]) => [name, all.map(({ file }) => file)]),
  );
  const dkms = new Map<string, string>();
  for (const name of namesIn(path.join(root, 'usr/src'))) {
    const directory = path.join('usr/src', name);
    const conf = readTextIfReadable(path.join(root, directory, 'dkms.conf'));
    for (const module of conf === null ? [] : dkmsModules(conf)) dkms.set(module.replaceAll('-', '_'), directory);
  }
  return { namedBy, dkms };
}

/** The report with what the notes say of modules that would not load. */
export function withRootNotes(report: CheckReport, { namedBy, dkms }: RootNotes, bootsNext: boolean): CheckReport {
  const modules = report.modules.map(module => {
    if (module.verdict !== 'refused') return module;
    // The file's name is what modprobe and DKMS know; the kernel goes by the one inside.
    const names = [moduleNameOfPath(module.path), module.name];
    const [files] = names.flatMap(name => [namedBy.get(name) ?? []]).filter(list => list.length > 0);
    const [sources] = names.flatMap(name => dkms.get(name) ?? []);
    return { ...module, ...(files ? { namedBy: files } : {}), ...(sources === undefined ? {} : { dkms: sources }) };
  });
  return { ...report, modules, bootsNext };
}

function filesAt(root: string, place: string): string[] {
  if (!isDirectory(path.join(root, place))) return [place];
  return namesIn(path.join(root, place))
    .filter(name => name.endsWith('.conf'))
    .map(name => path.join(place, name));
}
