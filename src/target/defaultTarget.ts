// The default target of a module: the kernel it was built against.
import type { TargetFiles } from './files';

/** The build directory that .cmd files or the Makefile beside a module name, else that of the running kernel. */
export function defaultTarget(modulePath: string | null, files: TargetFiles): string {
  const running = `/lib/modules/${files.runningRelease}/build`;
  if (modulePath === null) return running;
  const directory = files.path.dirname(files.path.resolve(modulePath));
  return fromCmdFiles(directory, files) ?? fromMakefile(directory, files) ?? running;
}

/** What kbuild and people write is smaller, in bytes. */
const MOST_TEXT = 1 << 20;

/** kbuild writes the headers each object was built from into .NAME.o.cmd; one of them lies in the build directory. */
function fromCmdFiles(directory: string, files: TargetFiles): string | null {
  for (const name of namesIn(directory, files)) {
    if (!name.startsWith('.') || !name.endsWith('.cmd')) continue;
    const text = readable(files.path.join(directory, name), files);
    if (text === null) continue;
    for (const match of text.matchAll(/(\/[^\s:()'"]+?)\/include\/(?:generated|config)\//g)) {
      const candidate = match[1];
      if (candidate !== undefined && isBuildDirectory(candidate, files)) return candidate;
    }
    for (const match of text.matchAll(/(\/[^\s:()'"]*\/linux-headers-[^\s/:()'"]+?)-common\//g)) {
      const flavour = match[1] === undefined ? null : flavourOf(match[1], files);
      if (flavour !== null) return flavour;
    }
  }
  return null;
}

/** Debian splits headers in two: what is common, and a build directory for each flavour beside it. */
function flavourOf(prefix: string, files: TargetFiles): string | null {
  const { path } = files;
  const found = namesIn(path.dirname(prefix), files)
    .filter(name => name.startsWith(`${path.basename(prefix)}-`) && !name.endsWith('-common'))
    .map(name => path.join(path.dirname(prefix), name))
    .filter(directory => isBuildDirectory(directory, files));
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** `KDIR ?= /lib/modules/$(shell uname -r)/build` and `make -C DIR`, the two usual spellings. */
function fromMakefile(directory: string, files: TargetFiles): string | null {
  for (const name of ['Makefile', 'Kbuild', 'makefile']) {
    const text = readable(files.path.join(directory, name), files);
    if (text === null) continue;
    const named = text.matchAll(/^\s*(?:export\s+)?\w+\s*[:?]?=\s*(\/\S*(?:\$\(shell uname -r\))?\S*)/gm);
    const called = text.matchAll(/-C\s+(\/\S*(?:\$\(shell uname -r\)|\$\$\(uname -r\))?\S*)/g);
    for (const match of [...named, ...called]) {
      const candidate = (match[1] ?? '').replace(
        /\$\(shell uname -r\)|\$\$\(uname -r\)|`uname -r`/g,
        files.runningRelease,
      );
      if (isBuildDirectory(candidate, files)) return candidate;
    }
  }
  return null;
}

function isBuildDirectory(directory: string, { path, isDirectory, isThere }: TargetFiles): boolean {
  // Two slashes name another machine where that is how files of others are reached.
  return !directory.startsWith('//') && isDirectory(directory) && isThere(path.join(directory, 'include', 'generated'));
}

function namesIn(directory: string, files: TargetFiles): string[] {
  return files.list(directory).map(({ name }) => name);
}

/** Null, too, when it cannot be read. */
function readable(file: string, files: TargetFiles): string | null {
  try {
    return files.readText(file, MOST_TEXT);
  } catch {
    return null;
  }
}
