// A vmlinux: it lies in the tree it was built in, or names the release whose headers are installed.
import { note } from '../../findings/notes';
import { readBuild } from '../build/facts';
import { placesOfBuild, placesOfModules, type TargetPlaces } from '../build/places';
import { isElf, readVmlinuxRelease } from '../build/vmlinux';
import { InputError, type TargetFiles } from '../files';
import type { TargetSource } from './types';

export const vmlinux: TargetSource = {
  name: 'vmlinux',
  recognises: (target, files) => !files.isDirectory(target) && (treeOf(target, files) !== null || isElf(target, files)),
  open: (target, files, { modules }) => readBuild(target, placesOfVmlinux(target, files, modules), files, target),
  places: (target, files, { modules }) => placesOfVmlinux(target, files, modules),
};

/** The tree a vmlinux was built in. */
function treeOf(target: string, { path, isThere }: TargetFiles): string | null {
  const beside = path.dirname(path.resolve(target));
  return isThere(path.join(beside, 'Module.symvers')) ? beside : null;
}

function placesOfVmlinux(target: string, files: TargetFiles, modules: string | undefined): TargetPlaces {
  const tree = treeOf(target, files);
  if (tree !== null) return placesOfBuild(tree, files, modules);
  const release = readVmlinuxRelease(target, files);
  if (release === null) throw new InputError(target, note('no-kernel'));
  const installed = `/lib/modules/${release}`;
  if (files.isDirectory(installed)) return placesOfModules(installed, files, modules);
  throw new InputError(target, note('kernel-without-build', { release }));
}
