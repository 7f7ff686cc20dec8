// The graph as Markdown, for an issue or a review: edges first, then what the kernel refuses and why.
import type { GraphProgressModel } from '../../src/protocol/view';
import { codeCell, markdownTable } from '../export/markdown';
import { t } from '../l10n';
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
    `## ${t('Dependencies of {0} on {1}', nodeTitle(focus), release)}\n`,
    rows.length === 0
      ? `${t('No other module is shown.')}\n`
      : markdownTable([t('user'), t('provider'), t('symbols'), t('GPL-only'), t('namespaces'), t('refused')], rows),
    ...(refused.length === 0
      ? []
      : [
          `### ${t('Refused symbols')}\n`,
          markdownTable(
            [t('user'), t('provider'), t('symbol'), t('wanted CRC'), t('found CRC'), t('namespace'), t('why')],
            refused,
          ),
        ]),
    ...(graph.withoutKernel > 0 ? [`${t('Edges to vmlinux that are left out: {0}.', graph.withoutKernel)}\n`] : []),
    ...(graph.truncated ? [`${t('Not all neighbors are shown.')}\n`] : []),
    ...(progress ? [`${t('{0} of {1} modules were read by then.', progress.read, progress.total)}\n`] : []),
  ].join('\n');
}
