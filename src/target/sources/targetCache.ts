// Targets already read by this process, kept until one of their files changes.
import path from 'node:path';
import { statIfThere } from '../../host/node/files';
import type { KernelFacts } from '../types';
import { readTarget, targetFiles, type TargetOptions } from './target';

/**
 * As {@link readTarget}, but reads again only when the path, the options or the time of change of a file the facts come
 * from differs from last time. Callers at the same moment share one read. Throws as readTarget does.
 */
export async function readTargetCached(target: string, options: TargetOptions = {}): Promise<KernelFacts> {
  const key = JSON.stringify([path.resolve(target), options.modules ? path.resolve(options.modules) : null]);
  const stamp = timesOf(targetFiles(target, options));
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
