// What lies around one node of the graph: level by level towards what it needs and towards what uses it.
import type { Links } from './links';
import {
  NOBODY,
  VMLINUX,
  type GraphEdge,
  type GraphModule,
  type GraphNode,
  type ModuleIndex,
  type Neighbourhood,
  type NeighbourhoodOptions,
} from './types';

/** A module, VMLINUX, or what nobody exports to one module: NOBODY minus that module. */
type NodeIndex = number;
const missingOf = (m: ModuleIndex): NodeIndex => NOBODY - m;
const userOfMissing = (node: NodeIndex): ModuleIndex => NOBODY - node;

type Way = 'needs' | 'users';

/** Modules by index, and what binds them. */
interface Linked {
  readonly modules: readonly GraphModule[];
  readonly links: Links;
}

/**
 * Needs of needs and users of users, up to `depth`. Of several neighbours those with a broken edge come first, then the
 * kernel, then the others by name; where the limit is reached the rest is left out.
 *
 * All edges between modules that are shown are shown as well. Nearly every module uses the kernel, so an edge to it is
 * shown where one of both was asked for its neighbours, or where it is broken. No way leads on through the kernel.
 */
export function neighbourhood(graph: Linked, focus: string, options: NeighbourhoodOptions): Neighbourhood {
  const start = nodeNamed(graph, focus);
  if (start === null) return { focus: null, nodes: [], edges: [], truncated: false };
  const ways: readonly Way[] = options.direction === 'both' ? ['needs', 'users'] : [options.direction];
  const walk = new Walk(graph, Math.max(1, options.limit));
  walk.go(start, ways, options.depth);
  const nodes = [...walk.shown].map(node => nodeOf(walk, node, ways, node === start));
  return {
    focus: idOf(graph, start),
    nodes: nodes.sort((a, b) => compare(a.id, b.id)),
    edges: edgesOf(walk),
    truncated: walk.truncated,
  };
}

/** A module goes before the kernel, should one have its name. */
function nodeNamed({ modules }: Linked, name: string): NodeIndex | null {
  const index = modules.findIndex(module => module.name === name);
  return index >= 0 ? index : name === 'vmlinux' ? VMLINUX : null;
}

class Walk {
  readonly shown = new Set<NodeIndex>();
  /** Nodes whose neighbours were asked for, by the way. */
  readonly asked = { needs: new Set<NodeIndex>(), users: new Set<NodeIndex>() };
  truncated = false;
  readonly links: Links;

  constructor(
    readonly graph: Linked,
    private readonly limit: number,
  ) {
    this.links = graph.links;
  }

  go(start: NodeIndex, ways: readonly Way[], depth: number): void {
    this.shown.add(start);
    const levels: Record<Way, readonly NodeIndex[]> = { needs: [start], users: [start] };
    for (let level = 0; level < depth; level++)
      for (const way of ways) levels[way] = levels[way].flatMap(node => this.neighboursToShow(node, way));
  }

  neighbours(node: NodeIndex, way: Way): readonly NodeIndex[] {
    const { links, graph } = this;
    if (way === 'needs') {
      if (node < 0) return [];
      const extra = [
        links.usesNobody[node] === 1 ? [missingOf(node)] : [],
        links.usesVmlinux[node] === 1 ? [VMLINUX] : [],
      ];
      return [...extra.flat(), ...links.needs.of(node)];
    }
    if (node >= 0) return [...links.users.of(node)];
    if (node === VMLINUX) return [...graph.modules.keys()].filter(m => links.usesVmlinux[m] === 1);
    return [userOfMissing(node)];
  }

  isBroken(from: ModuleIndex, to: NodeIndex): boolean {
    return this.links.isBroken(from, Math.max(to, NOBODY));
  }

  /** Those not asked before, which the next level asks. */
  private neighboursToShow(node: NodeIndex, way: Way): NodeIndex[] {
    const asked = this.asked[way];
    if (asked.has(node)) return [];
    asked.add(node);
    const ranked = this.neighbours(node, way).map(neighbour => {
      const broken = way === 'needs' ? this.isBroken(node, neighbour) : this.isBroken(neighbour, node);
      return { neighbour, rank: broken ? 0 : neighbour < 0 ? 1 : 2, name: nameOf(this.graph, neighbour) };
    });
    ranked.sort((a, b) => a.rank - b.rank || compare(a.name, b.name));
    return ranked.flatMap(({ neighbour }) => (this.show(neighbour) ? [neighbour] : []));
  }

  private show(node: NodeIndex): boolean {
    if (this.shown.has(node)) return true;
    if (this.shown.size >= this.limit) {
      this.truncated = true;
      return false;
    }
    this.shown.add(node);
    return true;
  }
}

function nodeOf(walk: Walk, node: NodeIndex, ways: readonly Way[], isFocus: boolean): GraphNode {
  const { graph, links } = walk;
  const hidden = new Set(ways.flatMap(way => walk.neighbours(node, way).filter(other => !walk.shown.has(other))));
  const common = { id: idOf(graph, node), name: nameOf(graph, node), hidden: hidden.size };
  if (node === VMLINUX) {
    const users = links.usesVmlinux.reduce((sum, uses) => sum + uses, 0);
    return { ...common, kind: 'vmlinux', path: null, needs: 0, users };
  }
  if (node < 0) return { ...common, kind: 'missing', path: null, needs: 0, users: 1 };
  return {
    ...common,
    kind: isFocus ? 'focus' : 'module',
    path: graph.modules[node]?.path ?? null,
    needs: links.needs.of(node).length,
    users: links.users.of(node).length,
  };
}

function edgesOf(walk: Walk): GraphEdge[] {
  const { graph, links, shown, asked } = walk;
  const edges: GraphEdge[] = [];
  for (const from of shown) {
    for (const to of walk.neighbours(from, 'needs')) {
      if (!shown.has(to)) continue;
      const broken = walk.isBroken(from, to);
      if (to < 0 && !broken && !asked.needs.has(from) && !asked.users.has(to)) continue;
      const symbols = links.symbols(from, Math.max(to, NOBODY));
      edges.push({ from: idOf(graph, from), to: idOf(graph, to), symbols, broken });
    }
  }
  return edges.sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to));
}

function nameOf({ modules }: Linked, node: NodeIndex): string {
  return node === VMLINUX ? 'vmlinux' : (modules[node < 0 ? userOfMissing(node) : node]?.name ?? '');
}

function idOf(graph: Linked, node: NodeIndex): string {
  if (node === VMLINUX) return 'vmlinux';
  return `${node < 0 ? 'missing' : 'module'}/${nameOf(graph, node)}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
