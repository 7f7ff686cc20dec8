// What reading a target depends on: every file and directory it asks about, with the state it was in.
import { lstatSync, type Stats } from 'node:fs';
import type { TargetFiles } from '../../target/files';
import { statIfThere } from './files';
import { toOs } from './osPath';

/** How something was asked about: following links, or the link itself, or whether it is mounted by itself. */
type Kind = 'file' | 'link' | 'mount';

/** One thing that was asked about, and a text that changes with it. */
export type Watched = readonly [kind: Kind, path: string, state: string];

export interface WatchedFiles {
  readonly files: TargetFiles;
  /** All that was asked about by now; null if something was that cannot be asked about again in a moment, such as a package. */
  watched(): readonly Watched[] | null;
}

/** The same files, which are noted when they are asked about. Their state is taken before they are read. */
export function watchFiles(files: TargetFiles): WatchedFiles {
  const seen = new Map<string, Watched>();
  let isOpen = false;
  const note = (kind: Kind, path: string): string => {
    const key = `${kind} ${path}`;
    if (!seen.has(key)) seen.set(key, [kind, path, stateOf(kind, path, files)]);
    return path;
  };
  const file = (path: string): string => note('file', path);
  return {
    files: {
      ...files,
      isThere: path => files.isThere(file(path)),
      isAutomounted: path => files.isAutomounted(note('mount', path)),
      isDirectory: path => files.isDirectory(file(path)),
      isLink: path => files.isLink(note('link', path)),
      readLink: path => files.readLink(note('link', path)),
      list: directory => files.list(file(directory)),
      read: (path, most) => files.read(file(path), most),
      readText: (path, most) => files.readText(file(path), most),
      withParts: (path, use) => files.withParts(file(path), use),
      readModule: path => files.readModule(file(path)),
      readImage: path => files.readImage(file(path)),
      readPackage: (path, read) => {
        isOpen = true;
        return files.readPackage(path, read);
      },
      readNamed: (name, read) => {
        isOpen = true;
        return files.readNamed(name, read);
      },
    },
    watched: () => (isOpen ? null : [...seen.values()]),
  };
}

/** Whether everything is as it was. */
export const isUnchanged = (watched: readonly Watched[], files: TargetFiles): boolean =>
  watched.every(([kind, path, state]) => stateOf(kind, path, files) === state);

/** Milliseconds; file systems are exact to two seconds at the worst. */
const RECENT = 2000;

/** Whether a file was written so recently that it may be written again without looking different. */
export function isRecent(watched: readonly Watched[]): boolean {
  const recent = Date.now() - RECENT;
  return watched.some(([, , state]) => Number(state.split(':')[1] ?? 0) > recent);
}

function stateOf(kind: Kind, path: string, files: TargetFiles): string {
  if (kind === 'mount') return String(files.isAutomounted(path));
  return stamp(kind === 'file' ? statIfThere(path) : linkIfThere(path));
}

/** Size, times of change, inode and what it is; an inode is a new one for a file that replaces another. */
const stamp = (stat: Stats | null): string =>
  stat ? [stat.size, stat.mtimeMs, stat.ctimeMs, stat.ino, stat.mode].join(':') : '-';

function linkIfThere(path: string): Stats | null {
  try {
    return lstatSync(toOs(path));
  } catch {
    return null;
  }
}
