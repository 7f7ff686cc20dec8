// A kernel build directory: a headers package, or a tree the kernel was built in.
import { readBuild } from '../build/facts';
import { isBuildDirectory, placesOfBuild } from '../build/places';
import type { TargetSource } from './types';

export const buildDirectory: TargetSource = {
  name: 'kernel build directory',
  recognises: (target, files) => isBuildDirectory(target, files),
  open: (target, files, { modules }) => readBuild(target, placesOfBuild(target, files, modules), files),
  places: (target, files, { modules }) => placesOfBuild(target, files, modules),
};
