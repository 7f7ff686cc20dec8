// Modules that a tree needs but does not hold: built together with one of its own, or of the kernel's own.
import path from 'node:path';
import type { KernelFacts } from '../../../target/types';
import { moduleNameOfPath } from '../../../formats/ko/moduleName';
import type { TreeLinks } from '../../../graph/tree/linkTree';
import { ownModuleFile } from '../moduleFiles';
import { builtNear } from '../needs/builtNear';
import { Faces } from '../needs/faces';
import { Providers } from '../needs/providers';

/**
 * Files below `modules` (a /lib/modules/RELEASE directory) that export what nobody in the tree does, by the kernel's
 * Module.symvers. A module of the tree stands for one of the kernel's own with the same name.
 */
export function providersOutside(
  { exports }: KernelFacts,
  modules: string,
  { missing, rows }: TreeLinks,
  files: readonly string[],
): string[] {
  const known = new Set(rows.map((row, module) => row?.name ?? moduleNameOfPath(files[module] ?? '')));
  const found = new Set<string>();
  for (const symbol of new Set([...missing.values()].flat())) {
    for (const owner of exports.moduleOwners(symbol)) {
      const name = moduleNameOfPath(owner);
      if (known.has(name)) continue;
      known.add(name);
      const file = ownModuleFile(modules, owner);
      if (file !== null) found.add(file);
    }
  }
  return [...found];
}

/**
 * Files outside of the tree that were built together with a module of it and export what nobody in the tree does. The
 * same ones that `insmod --with-dependencies` and the editor load first.
 *
 * @param modules the kernel's own directory of modules, below which `kernel` holds what was built with the kernel itself; or null
 */
export async function providersBuiltNear(
  facts: KernelFacts,
  modules: string | null,
  { missing, rows }: TreeLinks,
  files: readonly string[],
): Promise<string[]> {
  const names = new Set(rows.flatMap(row => row?.name ?? []));
  const inTree = new Set(files);
  const faces = new Faces();
  const found = new Map<string, string>();
  // Looked for once in each directory: all its modules may miss something.
  const nearby = new Map<string, Providers | null>();
  for (const [module, symbols] of missing) {
    const file = files[module] ?? '';
    if (modules !== null && file.startsWith(path.join(modules, 'kernel/'))) continue;
    const directory = path.dirname(file);
    let providers = nearby.get(directory);
    if (providers === undefined) {
      const near = builtNear(file).filter(other => !inTree.has(other));
      nearby.set(directory, (providers = near.length > 0 ? new Providers(faces, facts, null, near) : null));
    }
    const user = providers === null ? null : await faces.of(file);
    if (providers === null || user === null) continue;
    for (const symbol of symbols) {
      const provider = await providers.find(symbol, user);
      if (provider?.kind === 'built' && !names.has(provider.name) && !found.has(provider.name))
        found.set(provider.name, provider.face.path);
    }
  }
  return [...found.values()];
}

/** Modules of the kernel's own that export symbols which no file at hand does, as Module.symvers names them. */
export function listedOwners({ exports }: KernelFacts, symbols: readonly string[]): string[] {
  return [...new Set(symbols.flatMap(symbol => exports.moduleOwners(symbol).slice(0, 1)))];
}
