// A /lib/modules/RELEASE directory, which leads to the headers of its kernel.
import { readBuild } from '../build/facts';
import { isModulesDirectory, placesOfModules } from '../build/places';
import type { TargetSource } from './types';

export const modulesDirectory: TargetSource = {
  name: '/lib/modules/RELEASE directory',
  recognises: (target, files) => isModulesDirectory(target, files),
  open: (target, files, { modules }) => readBuild(target, placesOfModules(target, files, modules), files),
  places: (target, files, { modules }) => placesOfModules(target, files, modules),
};
