// Graphs as the webview is told of them, in few words.
import type { GraphEdgeModel, GraphModel, GraphNodeModel, GraphSymbol } from '../../src/protocol/view';

export function symbol(name: string, changes: Partial<GraphSymbol> = {}): GraphSymbol {
  const plain = { wanted: '0x00000001', found: '0x00000001', gplOnly: false, namespace: null, weak: false } as const;
  return { name, ...plain, state: 'ok', ...changes };
}

export function node(id: string, changes: Partial<GraphNodeModel> = {}): GraphNodeModel {
  const kind = id === 'vmlinux' ? 'vmlinux' : id.startsWith('missing/') ? 'missing' : 'module';
  const name = id.replace(/^.*\//, '');
  const path = kind === 'module' ? `/modules/${name}.ko` : null;
  return { id, name, path, kind, needs: 0, users: 0, hidden: 0, ...changes };
}

export function edge(from: string, to: string, symbols: readonly GraphSymbol[]): GraphEdgeModel {
  return { from, to, symbols, broken: symbols.some(({ state }) => state !== 'ok') };
}

/** The first node is the one in the middle. */
export function graph(ids: readonly string[], edges: readonly GraphEdgeModel[]): GraphModel {
  const nodes = ids.map((id, i) => node(id, i === 0 ? { kind: 'focus' } : {}));
  return {
    release: '6.1',
    focus: ids[0] ?? null,
    nodes,
    edges,
    truncated: false,
    unreadable: [],
    complete: true,
    progress: { read: nodes.length, total: nodes.length },
  };
}
