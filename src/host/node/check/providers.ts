// Modules of the kernel's own that a tree needs but does not hold.
import type { KernelFacts } from '../../../target/types';
import { moduleNameOfPath } from '../../../formats/ko/moduleName';
import type { TreeLinks } from '../../../graph/tree/linkTree';
import { ownModuleFile } from '../moduleFiles';

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

/** Modules of the kernel's own that export symbols which no file at hand does, as Module.symvers names them. */
export function listedOwners({ exports }: KernelFacts, symbols: readonly string[]): string[] {
  return [...new Set(symbols.flatMap(symbol => exports.moduleOwners(symbol).slice(0, 1)))];
}
