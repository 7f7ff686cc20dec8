// A package of a distribution, read without installing it: .deb, .rpm, .pkg.tar.zst.
import { note } from '../../findings/notes';
import { InputError, type TargetFiles } from '../files';
import type { KernelFacts } from '../types';
import { buildDirectory } from './buildDirectory';
import { kernelImage } from './kernelImage';
import type { TargetSource } from './types';

/** How packages are called. */
export const PACKAGE_NAME = /\.(?:deb|rpm|pkg\.tar(?:\.(?:zst|xz|gz))?)$/;

export const packageFile: TargetSource = {
  name: 'package of a kernel',
  recognises: (target, files) => PACKAGE_NAME.test(target) && !files.isDirectory(target),
  open: (target, files) => files.readPackage(target, inside => readInside(target, inside)),
  places: () => null,
};

/** Reads the kernel among files that were unpacked from packages, by its image where they have one. Throws {@link InputError}. */
export async function readInside(target: string, inside: TargetFiles): Promise<KernelFacts> {
  const image = imagesIn(inside)[0];
  if (image !== undefined) return kernelImage.open(image, inside, {});
  const build = buildsIn(inside)[0];
  if (build !== undefined) return buildDirectory.open(build, inside, {});
  throw new InputError(target, note('package-without-kernel'));
}

/** How images are called where packages and boards put them. */
const IMAGE = /^(?:vmlinu[xz]|[bz]?Image|uImage|kernel\w*)(?:[-.].*)?$/;

function imagesIn({ path, list }: TargetFiles): string[] {
  const directories = ['/boot', '/boot/firmware', ...releasesIn(['/lib/modules', '/usr/lib/modules'], { path, list })];
  return directories.flatMap(directory =>
    list(directory)
      .filter(({ name, isDirectory }) => !isDirectory && IMAGE.test(name))
      .map(({ name }) => path.join(directory, name)),
  );
}

function buildsIn(inside: TargetFiles): string[] {
  const { path, isThere } = inside;
  const trees = releasesIn(['/usr/src', '/usr/src/kernels', '/lib/modules', '/usr/lib/modules'], inside);
  return trees
    .flatMap(directory => [directory, path.join(directory, 'build')])
    .filter(directory => isThere(path.join(directory, 'Module.symvers')));
}

function releasesIn(above: readonly string[], { path, list }: Pick<TargetFiles, 'path' | 'list'>): string[] {
  return above.flatMap(directory =>
    list(directory)
      .filter(({ isDirectory }) => isDirectory)
      .map(({ name }) => path.join(directory, name)),
  );
}
