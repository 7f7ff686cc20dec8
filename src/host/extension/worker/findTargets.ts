// Kernels a developer could mean: what the modules were built against, what is installed, snapshots in the workspace.
import os from 'node:os';
import path from 'node:path';
import { cacheDirectory } from '../../node/cacheFiles';
import { namedKernels } from '../../node/named/namedKernel';
import { defaultTarget, placesOf, readTargetCached } from '../../node/targets';
import { isThere, namesIn, realPath } from '../../node/files';
import type { FoundTarget, WorkerMethods } from '../../../protocol/worker';

/** The first origin of a kernel wins: what the module was built against stands above what happens to be installed. */
export async function findTargets({
  chosen,
  modules,
  snapshots,
}: WorkerMethods['findTargets']['params']): Promise<FoundTarget[]> {
  const found = new Map<string, Omit<FoundTarget, 'release'>>();
  const directory = cacheDirectory();
  const fetched = (directory === null ? [] : namedKernels(directory)).map(({ name, release }): FoundTarget => ({
    path: name,
    release,
    origin: 'fetched',
  }));
  const add = (target: string, origin: FoundTarget['origin']): void => {
    if (!isThere(target)) return;
    const key = realPath(target);
    if (!found.has(key)) found.set(key, { path: target, origin });
  };
  for (const target of chosen) add(target, 'chosen');
  // One of each directory: they were built together.
  for (const module of new Map(modules.map(file => [path.dirname(file), file])).values()) {
    const target = defaultTarget(module);
    if (!target.endsWith(`/${os.release()}/build`)) add(target, 'built against');
  }
  add(`/lib/modules/${os.release()}/build`, 'running kernel');
  for (const release of namesIn('/lib/modules')) add(path.join('/lib/modules', release, 'build'), 'installed');
  for (const name of namesIn('/usr/src'))
    if (name.startsWith('linux-headers-') && !name.endsWith('-common')) add(path.join('/usr/src', name), 'headers');
  for (const file of snapshots) add(file, 'snapshot');
  const here = [...found.values()].map(async each => ({ ...each, release: await releaseOf(each.path) }));
  return [...(await Promise.all(here)), ...fetched];
}

async function releaseOf(target: string): Promise<string | null> {
  try {
    return placesOf(target)?.release ?? (await readTargetCached(target)).release;
  } catch {
    return null;
  }
}
