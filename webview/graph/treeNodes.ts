// The graph as a tree: from the module in the middle to what it needs and what needs it, down to the symbols.
import type { GraphEdgeModel, GraphNodeModel, GraphSymbol } from '../../src/protocol/view';
import { edgeId, type ShownGraph } from './shown';
import { edgeLabel, isRefused, nodeCounts, nodeTitle, refusedFirst, stateWords } from './words';
import { t } from '../l10n';
import { grouped } from '../text';

/** Symbols of an edge that are listed; the table below the drawing lists more. */
const MOST_SYMBOLS = 200;

export interface GraphTreeNode {
  /** Where in the tree it is: unique, and the same in every answer. */
  readonly key: string;
  readonly kind: 'module' | 'group' | 'symbol' | 'note';
  readonly label: string;
  readonly note: string;
  readonly broken: boolean;
  /** What selecting it selects: an edge, or the node in the middle; '' for nothing. */
  readonly selects: string;
  /** The node it stands for; '' for none. */
  readonly node: string;
  readonly hasChildren: boolean;
  readonly children: () => GraphTreeNode[];
}

type Way = 'needs' | 'users';

const TITLES: Readonly<Record<Way, string>> = { needs: t('needs'), users: t('needed by') };

const none = (): GraphTreeNode[] => [];

/** Edges of nodes, found once. */
class Lookup {
  private readonly nodes: ReadonlyMap<string, GraphNodeModel>;
  private readonly ends: Readonly<Record<Way, ReadonlyMap<string, readonly GraphEdgeModel[]>>>;

  constructor({ nodes, edges }: ShownGraph) {
    this.nodes = new Map(nodes.map(node => [node.id, node]));
    this.ends = { needs: groupBy(edges, ({ from }) => from), users: groupBy(edges, ({ to }) => to) };
  }

  node(id: string): GraphNodeModel | undefined {
    return this.nodes.get(id);
  }

  /** Broken ones first. */
  edges(node: string, way: Way): GraphEdgeModel[] {
    const edges = this.ends[way].get(node) ?? [];
    return [...edges.filter(({ broken }) => broken), ...edges.filter(({ broken }) => !broken)];
  }
}

function groupBy(
  edges: readonly GraphEdgeModel[],
  key: (edge: GraphEdgeModel) => string,
): Map<string, GraphEdgeModel[]> {
  const groups = new Map<string, GraphEdgeModel[]>();
  for (const edge of edges) {
    const group = groups.get(key(edge));
    if (group) group.push(edge);
    else groups.set(key(edge), [edge]);
  }
  return groups;
}

const otherEnd = ({ from, to }: GraphEdgeModel, way: Way): string => (way === 'needs' ? to : from);

/** The top of the tree. */
export function rootNode(graph: ShownGraph): GraphTreeNode {
  const lookup = new Lookup(graph);
  const { focus } = graph;
  const groups = groupsOf(lookup, focus.id, focus.id, null);
  const nothing: GraphTreeNode = {
    ...{ key: `${focus.id}/nothing`, kind: 'note', label: t('No other module is shown.'), note: '' },
    ...{ broken: false, selects: '', node: '', hasChildren: false, children: none },
  };
  return {
    key: focus.id,
    kind: 'module',
    label: nodeTitle(focus),
    note: nodeCounts(focus),
    broken: lookup.edges(focus.id, 'needs').some(({ broken }) => broken),
    selects: focus.id,
    node: focus.id,
    hasChildren: true,
    children: () => (groups.length === 0 ? [nothing] : groups),
  };
}

/** `except`: the edge one came by. */
function groupsOf(lookup: Lookup, id: string, key: string, except: string | null): GraphTreeNode[] {
  return (['needs', 'users'] as const).flatMap(way => {
    const edges = lookup.edges(id, way).filter(edge => edgeId(edge) !== except);
    if (edges.length === 0) return [];
    const groupKey = `${key}/${way}`;
    const broken = edges.filter(edge => edge.broken).length;
    const group: GraphTreeNode = {
      key: groupKey,
      kind: 'group',
      label: TITLES[way],
      note: broken === 0 ? String(edges.length) : `${edges.length}, ${broken} ✗`,
      broken: broken > 0,
      selects: '',
      node: '',
      hasChildren: true,
      children: () => edges.flatMap(edge => edgeNode(lookup, edge, way, groupKey)),
    };
    return [group];
  });
}

function edgeNode(lookup: Lookup, edge: GraphEdgeModel, way: Way, parent: string): GraphTreeNode[] {
  const node = lookup.node(otherEnd(edge, way));
  if (!node) return [];
  const id = edgeId(edge);
  const key = `${parent}/${node.id}`;
  const made: GraphTreeNode = {
    key,
    kind: 'module',
    label: nodeTitle(node),
    note: edgeLabel(edge),
    broken: edge.broken,
    selects: id,
    node: node.id,
    hasChildren: true,
    children: () => [...groupsOf(lookup, node.id, key, id), ...symbolNodes(edge, key)],
  };
  return [made];
}

function symbolNodes(edge: GraphEdgeModel, parent: string): GraphTreeNode[] {
  const common = { selects: edgeId(edge), node: '', hasChildren: false, children: none };
  const listed = refusedFirst(edge.symbols).slice(0, MOST_SYMBOLS);
  const more = edge.symbols.length - listed.length;
  return [
    ...listed.map(symbol => ({
      ...common,
      key: `${parent}/${symbol.name}`,
      kind: 'symbol' as const,
      label: symbol.name,
      note: symbolNote(symbol),
      broken: isRefused(symbol),
    })),
    ...(more > 0
      ? [
          {
            ...common,
            key: `${parent}/more`,
            kind: 'note' as const,
            label: more === 1 ? t('{0} more symbol', 1) : t('{0} more symbols', grouped(more)),
            note: '',
            broken: false,
          },
        ]
      : []),
  ];
}

function symbolNote(symbol: GraphSymbol): string {
  const { wanted, found, gplOnly, namespace } = symbol;
  return [
    stateWords(symbol),
    ...(wanted === null ? [] : [wanted === found ? wanted : t('wants {0}, found {1}', wanted, found ?? t('none'))]),
    ...(gplOnly ? ['GPL'] : []),
    ...(namespace === null ? [] : [t('namespace {0}', namespace)]),
  ].join(' · ');
}

/** Keys from the top of the tree to where a node or an edge stands first; empty when it is not shown. */
export function keysTo(graph: ShownGraph, selected: string): string[] {
  const paths = new Map<string, readonly string[]>([[graph.focus.id, [graph.focus.id]]]);
  const lookup = new Lookup(graph);
  // Level by level, so that the first way found is the shortest. A map takes in what is added while it is walked.
  for (const [id, path] of paths) {
    if (id === selected) return [...path];
    for (const way of ['needs', 'users'] as const) {
      for (const edge of lookup.edges(id, way)) {
        const end = otherEnd(edge, way);
        const group = `${path.at(-1) ?? ''}/${way}`;
        const longer = [...path, group, `${group}/${end}`];
        if (edgeId(edge) === selected) return longer;
        if (!paths.has(end)) paths.set(end, longer);
      }
    }
  }
  return [];
}
