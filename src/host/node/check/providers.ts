// Finds modules that a tree needs and does not contain, among those built with it and among the kernel's own.
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
 * Files of modules outside of the tree which export the missing symbols and were built with a module of the tree. The command
 * `insmod --with-dependencies` and the editor load the same files first.
 *
 * @param modules the kernel's own directory of modules, or null; what lies in its `kernel` directory was built with the kernel
 */
export async function providersBuiltNear(
  facts: KernelFacts,
  modules: string | null,
  { missing, rows }: TreeLinks,
  files: readonly string[],
): Promise<string[]> {
  const names = new Set(rows.flatMap(row => row?.name ?? []));
  const inTree = new Set(files);
  const ofKernel = modules === null ? null : path.join(modules, 'kernel/');
  const faces = new Faces();
  const found = new Map<string, string>();
  // One search in each directory: all its modules may lack something.
  const nearby = new Map<string, Providers | null>();
  for (const [module, symbols] of missing) {
    const file = files[module] ?? '';
    if (ofKernel !== null && file.startsWith(ofKernel)) continue;
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
