// Where nodes and edges of a graph are drawn: users left of what they use, by dagre.
import { Graph, layout } from '@dagrejs/dagre';
import type { GraphEdgeModel } from '../../src/protocol/view';
import { edgeId, type ShownGraph } from './shown';
import type { Box, Point, Size } from './viewport';
import { edgeLabel, nodeCounts, nodeTitle } from './words';

export interface PlacedGraph extends Size {
  /** By id. */
  readonly nodes: ReadonlyMap<string, Box>;
  readonly edges: ReadonlyMap<string, PlacedEdge>;
  /** Too many edges for a label on each. */
  readonly crowded: boolean;
}

export interface PlacedEdge {
  readonly points: readonly Point[];
  /** Middle of its label. */
  readonly label: Point;
}

/** Room for the label of an edge; those of broken edges are bold. */
export function labelWidth(edge: GraphEdgeModel, measures: Measures): number {
  return measures.small(edgeLabel(edge)) * (edge.broken ? BOLD : 1) + 8;
}

/** Measures a text as it will be drawn. */
export interface Measures {
  title(text: string): number;
  small(text: string): number;
}

/** Labels of more edges cover each other, and the drawing gets higher than anyone scrolls. */
const MOST_LABELS = 90;
/** From here on the quick way of ranking: the thorough one takes more than a tenth of a second. */
const MANY_EDGES = 150;
export const NODE_HEIGHT = 38;
/** How much wider bold letters are, at most. */
const BOLD = 1.12;
const LABEL_HEIGHT = 14;

interface Placed extends Point {
  width: number;
  height: number;
}

interface Routed extends Point {
  points: Point[];
}

export function placeGraph(graph: ShownGraph, measures: Measures): PlacedGraph {
  const crowded = graph.edges.length > MOST_LABELS;
  const made = new Graph();
  made.setGraph({
    rankdir: 'LR',
    nodesep: 10,
    edgesep: 6,
    ranksep: crowded ? 90 : 32,
    ranker: graph.edges.length > MANY_EDGES ? 'tight-tree' : 'network-simplex',
  });
  for (const node of graph.nodes) {
    const width = Math.max(measures.title(nodeTitle(node)), measures.small(nodeCounts(node))) + 24;
    made.setNode(node.id, { width, height: NODE_HEIGHT });
  }
  for (const edge of graph.edges) {
    const label = crowded ? {} : { width: labelWidth(edge, measures), height: LABEL_HEIGHT, labelpos: 'c' };
    made.setEdge(edge.from, edge.to, label);
  }
  layout(made);
  const size = made.graph() as Size;
  return {
    width: size.width,
    height: size.height,
    crowded,
    nodes: new Map(graph.nodes.map(({ id }) => [id, corner(made.node(id) as Placed)])),
    edges: new Map(
      graph.edges.map(edge => {
        const { points, x, y } = made.edge(edge.from, edge.to) as Routed;
        return [edgeId(edge), { points, label: crowded ? middleOf(points) : { x, y } }];
      }),
    ),
  };
}

const corner = ({ x, y, width, height }: Placed): Box => ({ x: x - width / 2, y: y - height / 2, width, height });

function middleOf(points: readonly Point[]): Point {
  return points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
}

/** A path through the points of an edge with its corners rounded, up to where the head of the arrow begins. */
export function edgePath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return '';
  const turns = rest.slice(0, -1).map((point, i) => {
    const next = rest[i + 1] ?? last;
    const half = { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${at(point)} ${at(half)}`;
  });
  return `M${at(first)}${turns.join('')}L${at(last)}`;
}

/** A triangle at the last point. */
export function arrowHead(points: readonly Point[], size: number): string {
  const tip = points.at(-1);
  const before = points.at(-2);
  if (!tip || !before) return '';
  const length = Math.hypot(tip.x - before.x, tip.y - before.y) || 1;
  const ux = ((tip.x - before.x) / length) * size;
  const uy = ((tip.y - before.y) / length) * size;
  const base = { x: tip.x - ux, y: tip.y - uy };
  return `M${at(tip)}L${at({ x: base.x - uy / 2, y: base.y + ux / 2 })}L${at({ x: base.x + uy / 2, y: base.y - ux / 2 })}Z`;
}

const at = ({ x, y }: Point): string => `${round(x)},${round(y)}`;
const round = (value: number): number => Math.round(value * 10) / 10;

/** The node that lies next in a direction, for the arrow keys; null when none does. */
export function nodeBeside({ nodes }: PlacedGraph, from: string, dx: number, dy: number): string | null {
  const start = nodes.get(from);
  if (!start) return null;
  const middle = (box: Box): Point => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const { x, y } = middle(start);
  let best: string | null = null;
  let least = Infinity;
  for (const [id, box] of nodes) {
    const to = middle(box);
    const along = (to.x - x) * dx + (to.y - y) * dy;
    const across = Math.abs((to.x - x) * dy) + Math.abs((to.y - y) * dx);
    // What is more beside than ahead is not meant, unless nothing else is there: it costs more.
    const cost = along + 3 * across;
    if (id === from || along < 1 || cost >= least) continue;
    best = id;
    least = cost;
  }
  return best;
}
