// Targets on the disk of this machine; those that were read are kept until one of their files changes.
import path from 'node:path';
import { note } from '../../findings/notes';
import type { TargetPlaces } from '../../target/build/places';
import * as defaults from '../../target/defaultTarget';
import * as sources from '../../target/sources';
import { readSnapshot as readSnapshotFrom } from '../../target/sources/snapshot';
import type { TargetOptions } from '../../target/sources/types';
import type { KernelFacts } from '../../target/types';
import { InputError, isThere, statIfThere } from './files';
import { readThroughCache } from './keptTarget';
import { DISK } from './targetFiles';

export type { TargetOptions };

/**
 * Reads a target, and reads it again only when the path, the options or the time of change of a file the facts come from
 * differs from last time. Callers at the same moment share one read. Throws InputError with one clear line.
 */
export async function readTargetCached(target: string, options: TargetOptions = {}): Promise<KernelFacts> {
  const key = JSON.stringify([path.resolve(target), options.modules ? path.resolve(options.modules) : null]);
  const stamp = timesOf(sources.targetFiles(target, DISK, options));
  const known = cache.get(key);
  if (known?.stamp === stamp) return known.facts;
  const facts = readTarget(target, options);
  cache.set(key, { stamp, facts });
  try {
    return await facts;
  } catch (error) {
    // A failure is not kept: the next call may find it repaired without any of these files having changed.
    if (cache.get(key)?.facts === facts) cache.delete(key);
    throw error;
  }
}

export function readTarget(target: string, options: TargetOptions = {}): Promise<KernelFacts> {
  return readThroughCache(target, options, DISK, files => sources.readTarget(target, files, options));
}

export function placesOf(target: string, options: TargetOptions = {}): TargetPlaces | null {
  return sources.placesOf(target, DISK, options);
}

export function readSnapshot(file: string): KernelFacts {
  return readSnapshotFrom(file, DISK);
}

/** The kernel a module was built against, else the running one. */
export function defaultTarget(modulePath: string | null, known?: Map<string, string | null>): string {
  return defaults.defaultTarget(modulePath, DISK, known);
}

/** As {@link defaultTarget}, but throws InputError with what helps where that kernel is not here. */
export function ownTarget(modulePath: string | null, known?: Map<string, string | null>): string {
  const target = defaultTarget(modulePath, known);
  if (isThere(target)) return target;
  if (modulePath === null) throw new InputError(target, note('no-running-target'));
  const release = defaults.releaseIn(modulePath, DISK);
  throw new InputError(
    modulePath,
    release === null ? note('no-own-target', { target }) : note('own-target-not-here', { release }),
  );
}

/** Forgets every target. */
export function clearTargetCache(): void {
  cache.clear();
}

const cache = new Map<string, { readonly stamp: string; readonly facts: Promise<KernelFacts> }>();

function timesOf(files: readonly string[]): string {
  return files
    .map(file => {
      const stat = statIfThere(file);
      return stat ? `${stat.mtimeMs}:${stat.size}` : '-';
    })
    .join(' ');
}
