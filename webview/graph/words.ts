// How nodes, edges and symbols of a graph are called: the same in drawing, tree, tables and Markdown.
import { isRefusing } from '../../src/protocol/graph';
import type { GraphEdgeModel, GraphNodeModel, GraphSymbol } from '../../src/protocol/view';
import { t } from '../l10n';
import { grouped, symbolsText } from '../text';

const WORDS: Readonly<Record<Exclude<GraphSymbol['state'], 'ok'>, string>> = {
  'unresolved-weak': t('not exported; weak, so it stays 0'),
  ignored: t('not exported; the loader does not mind'),
  missing: t('refused: not exported'),
  'gpl-only': t('refused: GPL-only, and the license of the module is not compatible'),
  version: t('refused: the CRCs differ'),
  namespace: t('refused: the namespace is not imported'),
  proprietary: t('refused: the exporter is proprietary'),
  busy: t('refused: the exporter is not live'),
};

/** The kernel refuses a load because of it. */
export function isRefused({ state }: GraphSymbol): boolean {
  return isRefusing(state);
}

export function stateWords({ state, wanted, found }: GraphSymbol): string {
  if (state !== 'ok') return WORDS[state];
  if (wanted === null || found === null) return t('resolved; no CRC to compare');
  return wanted === found
    ? t('resolved; the CRCs agree')
    : t('resolved; the CRCs differ, which this kernel does not check');
}

/** Refused ones first; alike ones stay in their order. */
export function refusedFirst(symbols: readonly GraphSymbol[]): GraphSymbol[] {
  return [...symbols.filter(isRefused), ...symbols.filter(symbol => !isRefused(symbol))];
}

/** The distinct namespaces of symbols, in order. */
export function namespacesOf(symbols: readonly GraphSymbol[]): string[] {
  return [...new Set(symbols.flatMap(({ namespace }) => namespace ?? []))].sort();
}

/** `12 symbols · GPL · DMA_BUF`; `✗ 2 of 12 symbols` where some are refused. */
export function edgeLabel({ symbols }: GraphEdgeModel): string {
  const refused = symbols.filter(isRefused).length;
  const all = symbolsText(symbols.length);
  const [namespace, ...more] = namespacesOf(symbols);
  return [
    refused === 0
      ? all
      : refused === symbols.length
        ? `✗ ${all}`
        : t('✗ {0} of {1} symbols', grouped(refused), grouped(symbols.length)),
    ...(symbols.some(({ gplOnly }) => gplOnly) ? ['GPL'] : []),
    ...(namespace === undefined ? [] : [more.length === 0 ? namespace : t('{0} namespaces', more.length + 1)]),
  ].join(' · ');
}

/** What stands in the box of a node. */
export function nodeTitle({ kind, name }: GraphNodeModel): string {
  return kind === 'missing' ? t('✗ not exported') : name;
}

export function nodeCounts({ kind, id, name, needs, users, hidden, path }: GraphNodeModel): string {
  if (kind === 'missing') return t('wanted by {0}', name);
  const isKernel = kind === 'vmlinux' || id === 'vmlinux';
  return [
    isKernel ? t('the kernel') : t('needs {0}', grouped(needs)),
    t('used by {0}', grouped(users)),
    ...(hidden > 0 ? [t('+{0} hidden', grouped(hidden))] : []),
    ...(path === null && !isKernel ? [t('no file')] : []),
  ].join(' · ');
}

/** One sentence that tells a node apart without seeing it. */
export function nodeSentence(node: GraphNodeModel): string {
  const kind = {
    focus: t('in the middle'),
    module: t('module'),
    vmlinux: t('kernel'),
    missing: t('symbols that nothing exports'),
  }[node.kind];
  return `${nodeTitle(node)}, ${kind}, ${nodeCounts(node).replaceAll(' · ', ', ')}`;
}
