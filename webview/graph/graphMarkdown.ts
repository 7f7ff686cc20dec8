// The graph as Markdown, for an issue or a review: edges first, then what the kernel refuses and why.
import type { GraphProgressModel } from '../../src/protocol/view';
import { codeCell, markdownTable } from '../export/markdown';
import type { ShownGraph } from './shown';
import { isRefused, namespacesOf, nodeTitle, stateWords } from './words';

/** @param progress how far modules were read; null when all were */
export function graphMarkdown(graph: ShownGraph, progress: GraphProgressModel | null): string {
  const { nodes, edges, focus, release } = graph;
  const nodesById = new Map(nodes.map(node => [node.id, node]));
  const titleOf = (id: string): string => {
    const node = nodesById.get(id);
    return node ? nodeTitle(node) : id;
  };
  const ordered = [...edges.filter(({ broken }) => broken), ...edges.filter(({ broken }) => !broken)];
  const rows = ordered.map(({ from, to, symbols }) => [
    titleOf(from),
    titleOf(to),
    String(symbols.length),
    String(symbols.filter(({ gplOnly }) => gplOnly).length),
    namespacesOf(symbols).join(', '),
    String(symbols.filter(isRefused).length),
  ]);
  const refused = ordered.flatMap(({ from, to, symbols }) =>
    symbols
      .filter(isRefused)
      .map(symbol => [
        titleOf(from),
        titleOf(to),
        codeCell(symbol.name),
        codeCell(symbol.wanted ?? ''),
        codeCell(symbol.found ?? ''),
        symbol.namespace ?? '',
        stateWords(symbol),
      ]),
  );
  return [
    `## Dependencies of ${nodeTitle(focus)} on ${release}\n`,
    rows.length === 0
      ? 'No other module is shown.\n'
      : markdownTable(['user', 'provider', 'symbols', 'GPL-only', 'namespaces', 'refused'], rows),
    ...(refused.length === 0
      ? []
      : [
          '### Refused symbols\n',
          markdownTable(['user', 'provider', 'symbol', 'wanted CRC', 'found CRC', 'namespace', 'why'], refused),
        ]),
    ...(graph.withoutKernel > 0 ? [`Edges to vmlinux that are left out: ${graph.withoutKernel}.\n`] : []),
    ...(graph.truncated ? ['Not all neighbours are shown.\n'] : []),
    ...(progress ? [`${progress.read} of ${progress.total} modules were read by then.\n`] : []),
  ].join('\n');
}
