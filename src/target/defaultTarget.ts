// The default target of a module: the kernel it was built against.
import { readSections } from '../formats/elf/sectionByName';
import { getModinfo } from '../formats/ko/modinfo';
import type { TargetFiles } from './files';

/**
 * The build directory that .cmd files beside a module name, else the installed one of the release in its vermagic, else
 * that of its Makefile or of the running kernel.
 *
 * @param known what the .cmd files of a directory named, for those who ask for many modules
 */
export function defaultTarget(
  modulePath: string | null,
  files: TargetFiles,
  known = new Map<string, string | null>(),
): string {
  const running = `/lib/modules/${files.runningRelease}/build`;
  if (modulePath === null) return running;
  const directory = files.path.dirname(files.path.resolve(modulePath));
  let named = known.get(directory);
  if (named === undefined) known.set(directory, (named = fromCmdFiles(directory, files)));
  return named ?? fromVermagic(modulePath, files) ?? fromMakefile(directory, files) ?? running;
}

/** What kbuild and people write is smaller, in bytes. */
const MOST_TEXT = 1 << 20;
/** The largest modules have half of that, in bytes. */
const MOST_MODULE = 1 << 28;

/** kbuild writes the headers each object was built from into .NAME.o.cmd; one of them lies in the build directory. */
function fromCmdFiles(directory: string, files: TargetFiles): string | null {
  for (const name of namesIn(directory, files)) {
    if (!name.startsWith('.') || !name.endsWith('.cmd')) continue;
    const text = readable(files.path.join(directory, name), files);
    if (text === null) continue;
    const paths = [...text.matchAll(/\/[^\s:()'"]*/g)].map(([word]) => word);
    for (const named of new Set(paths.map(directoryOfHeaders)))
      if (named !== null && isBuildDirectory(named, files)) return named;
    for (const prefix of new Set(paths.map(prefixOfDebian))) {
      const flavour = prefix === null ? null : flavourOf(prefix, files);
      if (flavour !== null) return flavour;
    }
  }
  return null;
}

/** The build directory of a header that kbuild generated. */
function directoryOfHeaders(header: string): string | null {
  const end = header.search(/\/include\/(?:generated|config)\//);
  return end > 0 ? header.slice(0, end) : null;
}

/** Debian's headers of a release lie in directories that begin like the one whose name ends in "-common". */
function prefixOfDebian(header: string): string | null {
  const parts = header.split('/');
  const common = parts.findIndex(
    (part, i) => i < parts.length - 1 && part.startsWith('linux-headers-') && part.endsWith('-common'),
  );
  return common < 0
    ? null
    : parts
        .slice(0, common + 1)
        .join('/')
        .slice(0, -'-common'.length);
}

/** Where distributions put the headers of a release. */
const HEADERS: readonly ((release: string) => string)[] = [
  release => `/lib/modules/${release}/build`,
  release => `/usr/src/linux-headers-${release}`,
  release => `/usr/src/kernels/${release}`,
];

/** A packed module tells nothing here: most of these lie below their kernel's own directory anyway. */
function fromVermagic(modulePath: string, files: TargetFiles): string | null {
  const release = releaseIn(modulePath, files);
  // What a stranger wrote becomes part of a path.
  if (release === null || !/^[\w.+~-]+$/.test(release) || release.includes('..')) return null;
  return HEADERS.map(place => place(release)).find(place => isBuildDirectory(place, files)) ?? null;
}

/** Release in the vermagic of a module that is not packed; null where it cannot be told. */
export function releaseIn(modulePath: string, files: TargetFiles): string | null {
  if (!modulePath.endsWith('.ko')) return null;
  try {
    const bytes = files.read(modulePath, MOST_MODULE);
    const modinfo = bytes && readSections(bytes)?.find('.modinfo')?.bytes;
    return (modinfo && getModinfo(modinfo, 'vermagic')?.split(' ', 1)[0]) || null;
  } catch {
    // What is wrong with the module is told when it is looked at.
    return null;
  }
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
    const named = text.matchAll(/^[ \t]*(?:export[ \t]+)?\w+[ \t]*[:?]?=[ \t]*(\/\S*(?:\$\(shell uname -r\))?\S*)/gm);
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

/** A stranger may have named the directory: nothing is asked that would make this machine reach for another. */
function isBuildDirectory(directory: string, { path, isDirectory, isThere, isAutomounted }: TargetFiles): boolean {
  // Two slashes name another machine where that is how files of others are reached.
  if (directory.startsWith('//') || isAutomounted(path.resolve(directory))) return false;
  return isDirectory(directory) && isThere(path.join(directory, 'include', 'generated'));
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
