// Where the parts of a target kernel lie on disk, given any one of them.
import { note } from '../../findings/notes';
import { readlinkSync } from 'node:fs';
import path from 'node:path';
import { InputError, isDirectory, isLink, isThere, readTextIfThere, statIfThere } from '../../host/node/files';

export interface TargetPlaces {
  /** Directory with Module.symvers and include/: a headers package or a tree the kernel was built in. */
  readonly build: string;
  readonly release: string;
  /** Where the kernel's own modules are; null when they were not found. */
  readonly modules: string | null;
}

/**
 * Finds build directory, release and modules directory from a kernel build directory or a /lib/modules/RELEASE one.
 * Throws {@link InputError} when the path is neither or the parts do not lead to each other.
 *
 * @param modulesOption the modules directory, when the caller knows it
 */
export function findPlaces(target: string, modulesOption?: string): TargetPlaces {
  if (modulesOption !== undefined) requireDirectory(modulesOption);
  const absolute = path.resolve(target);
  if (isBuildDirectory(absolute)) {
    const release = releaseOf(absolute) ?? null;
    if (release === null) {
      throw new InputError(target, note('no-release'));
    }
    return { build: absolute, release, modules: modulesOption ?? findModules(absolute, release) };
  }
  if (!isModulesDirectory(absolute)) {
    throw new InputError(target, note('no-build'));
  }
  const build = findBuild(absolute);
  if (build === null) {
    const name = path.basename(absolute);
    throw new InputError(target, note('build-not-found', { release: name }));
  }
  return { build, release: releaseOf(build) ?? path.basename(absolute), modules: modulesOption ?? absolute };
}

/** UTS_RELEASE of a build directory, or null. */
function releaseOf(build: string): string | null {
  const header = readTextIfThere(path.join(build, 'include/generated/utsrelease.h'));
  const defined = header === null ? null : /^#define\s+UTS_RELEASE\s+"([^"]*)"/m.exec(header)?.[1];
  if (defined) return defined;
  // Second, because Debian's headers packages keep the upstream version there and not the name the kernel goes by.
  return readTextIfThere(path.join(build, 'include/config/kernel.release'))?.trim() || null;
}

function isBuildDirectory(directory: string): boolean {
  return ['include/generated', 'include/config', 'Module.symvers'].some(part => isThere(path.join(directory, part)));
}

function isModulesDirectory(directory: string): boolean {
  const parts = ['kernel', 'modules.order', 'modules.builtin', 'modules.dep'];
  return parts.some(part => isThere(path.join(directory, part))) || isLink(path.join(directory, 'build'));
}

/** The build directory a modules directory belongs to. */
function findBuild(modules: string): string | null {
  const root = rootAbove(modules, /\/(?:usr\/)?lib\/modules\/[^/]+$/);
  const link = path.join(modules, 'build');
  const candidates = [path.join(root ?? '/', 'usr/src', `linux-headers-${path.basename(modules)}`)];
  if (isLink(link)) {
    const to = readlinkSync(link);
    // In a tree unpacked elsewhere an absolute link means a place in that tree, not on this machine.
    candidates.unshift(
      ...(path.isAbsolute(to) && root !== null ? [path.join(root, to), to] : [path.resolve(modules, to)]),
    );
  } else {
    candidates.unshift(link);
  }
  // Resolved as the system resolves links, since lib may itself be one.
  candidates.push(link);
  return candidates.find(isBuildDirectory) ?? null;
}

/** The modules directory of a build directory: under the same root, of this machine, or the build tree itself. */
function findModules(build: string, release: string): string | null {
  const root = rootAbove(build, /\/usr\/src\/[^/]+$/);
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
function rootAbove(absolute: string, form: RegExp): string | null {
  const match = form.exec(absolute.replaceAll(path.sep, '/'));
  return match ? absolute.slice(0, match.index) || '/' : null;
}

function requireDirectory(directory: string): void {
  if (isDirectory(directory)) return;
  const there = statIfThere(directory);
  throw new InputError(directory, there ? note('no-directory') : note('no-such-directory'));
}
