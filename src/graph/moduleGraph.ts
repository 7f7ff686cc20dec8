// The graph of all modules of a target: built from what was read so far, then asked for rows and neighbourhoods.
import type { Features } from '../linux/features';
import type { KernelSymbols } from './kernelSymbols';
import { Links } from './links';
import { neighbourhood } from './neighbourhood';
import type { SymbolNames } from '../formats/ko/symbolNames';
import type { GraphModule, Neighbourhood, NeighbourhoodOptions, Overview } from './types';

export interface ModuleGraphInput {
  /** Where the ids of names in `modules` come from. */
  readonly names: SymbolNames;
  readonly kernel: KernelSymbols;
  readonly features: Features;
  /** Of several modules of one name the first counts: a module of the workspace stands before the target's own. */
  readonly modules: readonly GraphModule[];
}

/** Does not change: modules read later make another graph, which costs some tens of milliseconds for a distribution. */
export class ModuleGraph {
  /** Each name once, in the order given, then those known only as owners of exports. */
  readonly modules: readonly GraphModule[];
  readonly links: Links;

  constructor({ names, kernel, features, modules }: ModuleGraphInput) {
    const byName = new Map<string, GraphModule>();
    for (const module of modules) if (!byName.has(module.name)) byName.set(module.name, module);
    for (const name of kernel.owners) if (!byName.has(name)) byName.set(name, { name, path: null, symbols: null });
    this.modules = [...byName.values()];
    this.links = new Links({ names, kernel, features, modules: this.modules });
  }

  /** Nodes up to `depth` edges around a module or `vmlinux`, and the edges between them. */
  neighbourhood(focus: string, options: NeighbourhoodOptions): Neighbourhood {
    return neighbourhood(this, focus, options);
  }

  overview(): Overview {
    const { modules, links } = this;
    const order = modules.map((_, m) => m).sort((a, b) => compare(modules[a]?.name ?? '', modules[b]?.name ?? ''));
    const column = (count: (m: number) => number): Uint32Array => Uint32Array.from(order, count);
    return {
      modules: order.flatMap(m => modules[m] ?? []),
      needs: column(m => links.needs.of(m).length),
      users: column(m => links.users.of(m).length),
      broken: column(m => links.brokenEdges(m)),
      exports: column(m => modules[m]?.symbols?.exports.names.length ?? 0),
      imports: column(m => modules[m]?.symbols?.imports.names.length ?? 0),
    };
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
