// Who exports a symbol that vmlinux does not: a module built here, one of the kernel's own, or one that only
// Module.symvers speaks of.
import path from 'node:path';
import { moduleNameOfPath } from '../../../formats/ko/moduleName';
import type { ExportIndex } from '../../../target/exportTable';
import type { KernelFacts } from '../../../target/types';
import { ownModuleFile } from '../moduleFiles';
import type { Exporters, Faces, ModuleFace } from './faces';
import { rowsOf } from './listedRows';

export type Provider =
  | { readonly kind: 'built' | 'installed'; readonly name: string; readonly face: ModuleFace }
  | { readonly kind: 'listed'; readonly name: string; readonly rows: readonly ExportIndex[] };

export class Providers {
  private built: Exporters | null = null;

  /**
   * @param modules the kernel's own modules directory, or null
   * @param known files of modules that were built here
   */
  constructor(
    private readonly faces: Faces,
    private readonly facts: KernelFacts,
    private readonly modules: string | null,
    private readonly known: readonly string[],
  ) {}

  /** A module built here stands before one of the kernel's own. */
  async find(symbol: string, user: ModuleFace): Promise<Provider | null> {
    this.built ??= await this.faces.exportersOf(this.known);
    const candidates = (this.built.get(symbol) ?? []).filter(face => face.name !== user.name);
    const [best] = [...candidates].sort((a, b) => distance(a, user) - distance(b, user));
    const isFit = best !== undefined && (best.release === user.release || best.release === this.facts.release);
    if (isFit) return { kind: 'built', name: best.name, face: best };
    return (await this.ownModule(symbol)) ?? (best ? { kind: 'built', name: best.name, face: best } : null);
  }

  private async ownModule(symbol: string): Promise<Provider | null> {
    const [owner] = this.facts.exports.moduleOwners(symbol);
    if (owner === undefined) return null;
    const file = this.modules === null ? null : ownModuleFile(this.modules, owner);
    const face = file === null ? null : await this.faces.of(file);
    if (face) return { kind: 'installed', name: face.name, face };
    return { kind: 'listed', name: moduleNameOfPath(owner), rows: rowsOf(this.facts, owner) };
  }
}

/** Built for another kernel counts most, then how many folders lie between. */
function distance(face: ModuleFace, user: ModuleFace): number {
  const folders = path.relative(path.dirname(user.path), path.dirname(face.path)).split('/').length;
  const isBeside = path.dirname(user.path) === path.dirname(face.path);
  return (face.release === user.release ? 0 : 1000) + (isBeside ? 0 : folders);
}
