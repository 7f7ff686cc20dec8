import { statIfThere } from '../node/files';
// Which files may be read because a module, its debug information or a file of its build names them. A name is only what a
// stranger wrote: it must lead to where a person works, to the module's own directory, or to where kernels are kept.
import { readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** Where distributions keep kernels with their headers and sources. */
const KERNELS: readonly string[] = ['/lib/modules', '/usr/lib/modules', '/usr/src'];

let opened: readonly string[] = [];

/** Says where a person works: the folders of the workspace, or the directory a command was started in. Absolute paths. */
export function setOpenedDirectories(directories: readonly string[]): void {
  opened = directories;
}

export class ReadableFiles {
  private readonly roots: readonly string[];
  private readonly known = new Map<string, boolean>();
  private realRoots: readonly string[] | null = null;

  /** @param moduleDirectory absolute */
  constructor(moduleDirectory: string) {
    this.roots = [moduleDirectory, ...opened, ...KERNELS].map(root => path.resolve(root));
  }

  /** Whether it is a file that may be read. Of others it is not even asked whether they are there. */
  isFile(file: string): boolean {
    let found = this.known.get(file);
    if (found === undefined) this.known.set(file, (found = this.look(file)));
    return found;
  }

  /** Text of a source file; null when it may not or cannot be read, or is too large to have been written by people. */
  readText(file: string): string | null {
    try {
      if (!this.isFile(file) || statSync(file).size > MOST_TEXT) return null;
      return readFileSync(file, 'utf8');
    } catch {
      return null;
    }
  }

  private look(file: string): boolean {
    const absolute = path.resolve(file);
    if (file.includes('\0') || !isInside(this.roots, absolute)) return false;
    try {
      if (!(statIfThere(absolute)?.isFile() ?? false)) return false;
      // A link in one of these directories may lead out of them.
      this.realRoots ??= this.roots.flatMap(realPath);
      return isInside(this.realRoots, realpathSync(absolute));
    } catch {
      // A part of the path is no directory, or may not be read.
      return false;
    }
  }
}

const MOST_TEXT = 8 << 20;

function isInside(roots: readonly string[], file: string): boolean {
  return roots.some(root => file.startsWith(root.endsWith(path.sep) ? root : root + path.sep));
}

/** None for a directory that is not there. */
function realPath(directory: string): string[] {
  try {
    return [realpathSync(directory)];
  } catch {
    return [];
  }
}
