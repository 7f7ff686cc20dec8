// Where the parts of a target kernel lie on disk, given any one of them.
import { note } from '../../findings/notes';
import { InputError, type TargetFiles } from '../files';

export interface TargetPlaces {
  /** Directory with Module.symvers and include/: a headers package or a tree the kernel was built in; null without one. */
  readonly build: string | null;
  readonly release: string;
  /** Where the kernel's own modules are; null when they were not found. */
  readonly modules: string | null;
  /** Images that may be of this kernel, the most trusted first; they need not exist. */
  readonly images: readonly string[];
}

/** Places that have a build directory. */
export interface BuildPlaces extends TargetPlaces {
  readonly build: string;
}

/** Throws {@link InputError} when the directory does not say which release it is of. */
export function placesOfBuild(target: string, files: TargetFiles, modules?: string): BuildPlaces {
  const build = files.path.resolve(target);
  const release = releaseOf(build, files);
  if (release === null) {
    throw new InputError(target, note('no-release'));
  }
  const found = modules ?? findModules(build, release, files);
  return { build, release, modules: found, images: imagesOf(build, release, files) };
}

/** Throws {@link InputError} when the directory does not lead to the headers. */
export function placesOfModules(target: string, files: TargetFiles, modules?: string): BuildPlaces {
  const absolute = files.path.resolve(target);
  const build = findBuild(absolute, files);
  const name = files.path.basename(absolute);
  if (build === null) {
    throw new InputError(target, note('build-not-found', { release: name }));
  }
  const release = releaseOf(build, files) ?? name;
  const images = [
    ...new Set([...imagesOf(build, release, files), ...installedImages(rootOf(absolute, files), name, files)]),
  ];
  return { build, release, modules: modules ?? absolute, images };
}

/** Files that facts are read from: when one of them changes, facts are to be read again. */
export function factFiles({ build, modules, images }: TargetPlaces, { path }: TargetFiles): string[] {
  const inBuild =
    build === null
      ? []
      : ['Module.symvers', 'include/config/auto.conf', '.config', 'include/generated/utsrelease.h', 'vmlinux'];
  const whole = [...(modules === null ? [] : [modules]), ...images];
  return [...inBuild.map(file => path.join(build ?? '', file)), ...whole];
}

/** Where installed images are, below a root directory. */
function installedImages(root: string | null, release: string, { path }: TargetFiles): string[] {
  if (root === null) return [];
  const inModules = ['lib/modules', 'usr/lib/modules'].flatMap(directory =>
    ['vmlinuz', 'vmlinux', 'Image'].map(name => path.join(root, directory, release, name)),
  );
  return [
    ...['vmlinuz', 'vmlinux', 'Image', 'kernel'].map(name => path.join(root, 'boot', `${name}-${release}`)),
    ...inModules,
  ];
}

/**
 * The image a tree has built, or those installed beside a headers package. What is installed is not asked about a tree
 * somewhere else: it may have been built anew since.
 */
function imagesOf(build: string, release: string, files: TargetFiles): string[] {
  const installed = installedImages(rootAbove(build, files, HEADERS), release, files);
  return [files.path.join(build, 'vmlinux'), ...installed];
}

/** The directory that stands for `/` above installed modules or an installed image. */
function rootOf(absolute: string, files: TargetFiles): string | null {
  return rootAbove(absolute, files, MODULES) ?? rootAbove(absolute, files, /\/boot\/[^/]+$/);
}

/** Where the parts of a kernel are of which an image is given, and no build directory was found. */
export function placesOfImage(image: string, release: string, files: TargetFiles, modules?: string): TargetPlaces {
  const { path, isDirectory } = files;
  const root = rootOf(path.dirname(path.resolve(image)), files) ?? rootOf(path.resolve(image), files);
  const installed = ['lib/modules', 'usr/lib/modules'].map(directory => path.join(root ?? '/', directory, release));
  const found = modules ?? installed.find(directory => isDirectory(directory)) ?? null;
  return { build: null, release, modules: found, images: [path.resolve(image)] };
}

/**
 * The build directory of that release beside an image: of the tree that built it, below the same root, or of this machine; null
 * where there is none.
 */
export function buildOfImage(image: string, release: string, files: TargetFiles): string | null {
  const { path } = files;
  const absolute = path.resolve(image);
  const root = rootOf(path.dirname(absolute), files) ?? rootOf(absolute, files);
  const roots = root === null || root === '/' ? ['/'] : [root, '/'];
  const candidates = roots.flatMap(each => [
    path.join(each, 'usr/src', `linux-headers-${release}`),
    path.join(each, 'usr/src/kernels', release),
    path.join(each, 'lib/modules', release, 'build'),
    path.join(each, 'usr/lib/modules', release, 'build'),
  ]);
  const inTree = treesAbove(absolute, files);
  return (
    [...inTree, ...candidates].find(each => isBuildDirectory(each, files) && releaseOf(each, files) === release) ?? null
  );
}

/** Trees build images at most that deep: arch/x86/boot/bzImage. */
const DEEPEST = 4;

function treesAbove(absolute: string, { path }: TargetFiles): string[] {
  const trees: string[] = [];
  let directory = path.dirname(absolute);
  for (let i = 0; i < DEEPEST; i++, directory = path.dirname(directory)) trees.push(directory);
  return trees;
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
  const root = rootAbove(modules, files, MODULES);
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
  const root = rootAbove(build, files, HEADERS);
  const roots = root === null || root === '/' ? ['/'] : [root, '/'];
  const installed = roots.flatMap(r => [
    path.join(r, 'lib/modules', release),
    path.join(r, 'usr/lib/modules', release),
  ]);
  const found = installed.find(directory => isThere(path.join(directory, 'kernel')));
  if (found !== undefined) return found;
  return isThere(path.join(build, 'modules.order')) ? build : null;
}

const HEADERS = /\/usr\/src\/[^/]+$/;
const MODULES = /\/(?:usr\/)?lib\/modules\/[^/]+$/;

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
