// Where the parts of a target kernel lie on disk, given any one of them.
import { note } from '../../findings/notes';
import { InputError, type TargetFiles } from '../files';

export interface TargetPlaces {
  /** Directory with Module.symvers and include/: a headers package or a tree the kernel was built in. */
  readonly build: string;
  readonly release: string;
  /** Where the kernel's own modules are; null when they were not found. */
  readonly modules: string | null;
}

/** Throws {@link InputError} when the directory does not say which release it is of. */
export function placesOfBuild(target: string, files: TargetFiles, modules?: string): TargetPlaces {
  const build = files.path.resolve(target);
  const release = releaseOf(build, files);
  if (release === null) {
    throw new InputError(target, note('no-release'));
  }
  return { build, release, modules: modules ?? findModules(build, release, files) };
}

/** Throws {@link InputError} when the directory does not lead to the headers. */
export function placesOfModules(target: string, files: TargetFiles, modules?: string): TargetPlaces {
  const absolute = files.path.resolve(target);
  const build = findBuild(absolute, files);
  const name = files.path.basename(absolute);
  if (build === null) {
    throw new InputError(target, note('build-not-found', { release: name }));
  }
  return { build, release: releaseOf(build, files) ?? name, modules: modules ?? absolute };
}

/** Files that facts are read from: when one of them changes, facts are to be read again. */
export function factFiles({ build, modules }: TargetPlaces, { path }: TargetFiles): string[] {
  const inBuild = [
    'Module.symvers',
    'include/config/auto.conf',
    '.config',
    'include/generated/utsrelease.h',
    'vmlinux',
  ];
  return [...inBuild.map(file => path.join(build, file)), ...(modules === null ? [] : [modules])];
}

/** UTS_RELEASE of a build directory, or null. */
function releaseOf(build: string, { path, readText }: TargetFiles): string | null {
  const header = readText(path.join(build, 'include/generated/utsrelease.h'));
  const defined = header === null ? null : /^#define\s+UTS_RELEASE\s+"([^"]*)"/m.exec(header)?.[1];
  if (defined) return defined;
  // Second, because Debian's headers packages keep the upstream version there and not the name the kernel goes by.
  return readText(path.join(build, 'include/config/kernel.release'))?.trim() || null;
}

export function isBuildDirectory(directory: string, { path, isThere }: TargetFiles): boolean {
  return ['include/generated', 'include/config', 'Module.symvers'].some(part => isThere(path.join(directory, part)));
}

export function isModulesDirectory(directory: string, { path, isThere, isLink }: TargetFiles): boolean {
  const parts = ['kernel', 'modules.order', 'modules.builtin', 'modules.dep'];
  return parts.some(part => isThere(path.join(directory, part))) || isLink(path.join(directory, 'build'));
}

/** The build directory a modules directory belongs to. */
function findBuild(modules: string, files: TargetFiles): string | null {
  const { path } = files;
  const root = rootAbove(modules, files, /\/(?:usr\/)?lib\/modules\/[^/]+$/);
  const link = path.join(modules, 'build');
  const candidates = [path.join(root ?? '/', 'usr/src', `linux-headers-${path.basename(modules)}`)];
  if (files.isLink(link)) {
    const to = files.readLink(link);
    // In a tree unpacked elsewhere an absolute link means a place in that tree, not on this machine.
    candidates.unshift(
      ...(path.isAbsolute(to) && root !== null ? [path.join(root, to), to] : [path.resolve(modules, to)]),
    );
  } else {
    candidates.unshift(link);
  }
  // Resolved as the system resolves links, since lib may itself be one.
  candidates.push(link);
  return candidates.find(candidate => isBuildDirectory(candidate, files)) ?? null;
}

/** The modules directory of a build directory: under the same root, of this machine, or the build tree itself. */
function findModules(build: string, release: string, files: TargetFiles): string | null {
  const { path, isThere } = files;
  const root = rootAbove(build, files, /\/usr\/src\/[^/]+$/);
  const roots = root === null || root === '/' ? ['/'] : [root, '/'];
  const installed = roots.flatMap(r => [
    path.join(r, 'lib/modules', release),
    path.join(r, 'usr/lib/modules', release),
  ]);
  const found = installed.find(directory => isThere(path.join(directory, 'kernel')));
  if (found !== undefined) return found;
  return isThere(path.join(build, 'modules.order')) ? build : null;
}

/** The directory that stands for `/` above a path of the given form; null when the path has another form. */
function rootAbove(absolute: string, { path }: TargetFiles, form: RegExp): string | null {
  const match = form.exec(absolute.replaceAll(path.sep, '/'));
  return match ? absolute.slice(0, match.index) || '/' : null;
}

/** Throws {@link InputError}. */
export function requireDirectory(directory: string, files: TargetFiles): void {
  if (files.isDirectory(directory)) return;
  throw new InputError(directory, note(files.isThere(directory) ? 'no-directory' : 'no-such-directory'));
}
