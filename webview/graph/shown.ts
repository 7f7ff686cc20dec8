// What of a graph is drawn, and the identity of its parts.
import type { GraphEdgeModel, GraphModel, GraphNodeModel, GraphSymbol } from '../../src/protocol/view';

/** The part of a graph that drawing, tree and tables show alike. */
export interface ShownGraph {
  readonly release: string;
  readonly focus: GraphNodeModel;
  readonly nodes: readonly GraphNodeModel[];
  readonly edges: readonly GraphEdgeModel[];
  /** Edges to the kernel that are left out. */
  readonly withoutKernel: number;
  readonly truncated: boolean;
}

export const VMLINUX_ID = 'vmlinux';

export function edgeId({ from, to }: Pick<GraphEdgeModel, 'from' | 'to'>): string {
  return `${from} → ${to}`;
}

/**
 * Nearly every module uses the kernel, and edges to it hide the others: unless `withKernel`, those are shown that are
 * broken, and that of a module in the middle which needs nothing else. Null when the graph has no middle.
 */
export function shownGraph(model: GraphModel, withKernel: boolean): ShownGraph | null {
  const focus = model.nodes.find(({ id }) => id === model.focus);
  if (!focus) return null;
  const onlyKernel = !model.edges.some(({ from, to }) => from === focus.id && to !== VMLINUX_ID);
  const edges = model.edges.filter(
    ({ from, to, broken }) =>
      to !== VMLINUX_ID || withKernel || broken || focus.id === VMLINUX_ID || (onlyKernel && from === focus.id),
  );
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  return {
    release: model.release,
    focus,
    nodes: model.nodes.filter(({ id }) => id !== VMLINUX_ID || id === focus.id || linked.has(id)),
    edges,
    withoutKernel: model.edges.length - edges.length,
    truncated: model.truncated,
  };
}

/** Whether two answers show the same, however far the reading is: what is the same is not drawn anew. */
export function isSameGraph(a: GraphModel, b: GraphModel): boolean {
  return (
    a.release === b.release &&
    a.focus === b.focus &&
    a.truncated === b.truncated &&
    areSame(a.nodes, b.nodes, isSameNode) &&
    areSame(a.edges, b.edges, isSameEdge)
  );
}

function areSame<T>(a: readonly T[], b: readonly T[], is: (a: T, b: T) => boolean): boolean {
  return (
    a.length === b.length &&
    a.every((value, i) => {
      const other = b[i];
      return other !== undefined && is(value, other);
    })
  );
}

function isSameNode(a: GraphNodeModel, b: GraphNodeModel): boolean {
  return (
    a.id === b.id &&
    a.path === b.path &&
    a.kind === b.kind &&
    a.needs === b.needs &&
    a.users === b.users &&
    a.hidden === b.hidden
  );
}

function isSameEdge(a: GraphEdgeModel, b: GraphEdgeModel): boolean {
  return a.from === b.from && a.to === b.to && a.broken === b.broken && areSame(a.symbols, b.symbols, isSameSymbol);
}

function isSameSymbol(a: GraphSymbol, b: GraphSymbol): boolean {
  return (
    a.name === b.name &&
    a.wanted === b.wanted &&
    a.found === b.found &&
    a.gplOnly === b.gplOnly &&
    a.namespace === b.namespace &&
    a.weak === b.weak &&
    a.state === b.state
  );
}
