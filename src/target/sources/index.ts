// Every source of targets; the first that recognises a path reads it.
import { note, type Note } from '../../findings/notes';
import { factFiles, requireDirectory, type TargetPlaces } from '../build/places';
import { InputError, type TargetFiles } from '../files';
import type { KernelFacts } from '../types';
import { buildDirectory } from './buildDirectory';
import { capturedFiles } from './capturedFiles';
import { kernelImage } from './kernelImage';
import { modulesDirectory } from './modulesDirectory';
import { named } from './named';
import { packageFile } from './packageFile';
import { profile } from './profile';
import { snapshot } from './snapshot';
import type { TargetOptions, TargetSource } from './types';

/** Sources of kernels that are given by a name and need not be on this machine. */
const NAMES: readonly TargetSource[] = [profile, named];

export const SOURCES: readonly TargetSource[] = [
  ...NAMES,
  capturedFiles,
  snapshot,
  packageFile,
  kernelImage,
  buildDirectory,
  modulesDirectory,
];

/** Reads a target. Throws {@link InputError} with one clear line for anything that cannot be used. */
export async function readTarget(
  target: string,
  files: TargetFiles,
  options: TargetOptions = {},
): Promise<KernelFacts> {
  return sourceOf(target, files, options).open(target, files, options);
}

/** Where the parts of a target lie; null for one that has none, as a snapshot. Throws {@link InputError}. */
export function placesOf(target: string, files: TargetFiles, options: TargetOptions = {}): TargetPlaces | null {
  return sourceOf(target, files, options).places(target, files, options);
}

/** Files of a target whose change means that it has to be read again; some may not exist. Throws {@link InputError}. */
export function targetFiles(target: string, files: TargetFiles, options: TargetOptions = {}): string[] {
  const places = placesOf(target, files, options);
  return places ? [target, ...factFiles(places, files)] : [target];
}

/** A word that is no path was meant as a name. */
function missing(target: string): Note {
  if (/[/\\]/.test(target)) return note('no-such-file');
  const [release] = /^\d+\.\d+(?:\.\d+)?/.exec(target) ?? [];
  if (release === undefined) return note('no-such-target');
  const fetched = /^\d+\.\d+\.\d+-\w+/.test(target) ? `debian:${target}` : 'debian:12';
  return note('no-such-release', { release, fetched });
}

function sourceOf(target: string, files: TargetFiles, { modules }: TargetOptions): TargetSource {
  const byName = NAMES.find(each => each.recognises(target, files));
  if (byName) return byName;
  if (!files.isThere(target)) throw new InputError(target, missing(target));
  const isDirectory = files.isDirectory(target);
  if (modules !== undefined) requireDirectory(modules, files);
  const source = SOURCES.find(each => each.recognises(target, files));
  if (source) return source;
  if (isDirectory) {
    throw new InputError(target, note('no-build'));
  }
  // A file that cannot be read says why.
  files.withParts(target, () => null);
  throw new InputError(target, note('no-kernel'));
}
