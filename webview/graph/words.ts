// How nodes, edges and symbols of a graph are called: the same in drawing, tree, tables and Markdown.
import { isRefusing } from '../../src/protocol/graph';
import type { GraphEdgeModel, GraphNodeModel, GraphSymbol } from '../../src/protocol/view';
import { grouped } from '../text';

const WORDS: Readonly<Record<Exclude<GraphSymbol['state'], 'ok'>, string>> = {
  'unresolved-weak': 'not exported; weak, so it stays 0',
  ignored: 'not exported; the loader does not mind',
  missing: 'refused: nobody exports it',
  'gpl-only': 'refused: GPL-only, and the license of the module is not compatible',
  version: 'refused: the CRCs differ',
  namespace: 'refused: the namespace is not imported',
  proprietary: 'refused: the exporter is proprietary',
  busy: 'refused: the exporter is not live',
};

/** The kernel refuses a load because of it. */
export function isRefused({ state }: GraphSymbol): boolean {
  return isRefusing(state);
}

export function stateWords({ state, wanted, found }: GraphSymbol): string {
  if (state !== 'ok') return WORDS[state];
  if (wanted === null || found === null) return 'resolved; no CRC to compare';
  return wanted === found ? 'resolved; the CRCs agree' : 'resolved; the CRCs differ, which this kernel does not check';
}

/** Refused ones first; alike ones stay in their order. */
export function refusedFirst(symbols: readonly GraphSymbol[]): GraphSymbol[] {
  return [...symbols.filter(isRefused), ...symbols.filter(symbol => !isRefused(symbol))];
}

export function counted(count: number, one: string, many: string): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** The distinct namespaces of symbols, in order. */
export function namespacesOf(symbols: readonly GraphSymbol[]): string[] {
  return [...new Set(symbols.flatMap(({ namespace }) => namespace ?? []))].sort();
}

/** `12 symbols · GPL · DMA_BUF`; `✗ 2 of 12 symbols` where some are refused. */
export function edgeLabel({ symbols }: GraphEdgeModel): string {
  const refused = symbols.filter(isRefused).length;
  const all = counted(symbols.length, 'symbol', 'symbols');
  const [namespace, ...more] = namespacesOf(symbols);
  return [
    refused === 0 ? all : refused === symbols.length ? `✗ ${all}` : `✗ ${grouped(refused)} of ${all}`,
    ...(symbols.some(({ gplOnly }) => gplOnly) ? ['GPL'] : []),
    ...(namespace === undefined ? [] : [more.length === 0 ? namespace : `${more.length + 1} namespaces`]),
  ].join(' · ');
}

/** What stands in the box of a node. */
export function nodeTitle({ kind, name }: GraphNodeModel): string {
  return kind === 'missing' ? '✗ not exported' : name;
}

export function nodeCounts({ kind, id, name, needs, users, hidden, path }: GraphNodeModel): string {
  if (kind === 'missing') return `wanted by ${name}`;
  const isKernel = kind === 'vmlinux' || id === 'vmlinux';
  return [
    isKernel ? 'the kernel' : `needs ${grouped(needs)}`,
    `used by ${grouped(users)}`,
    ...(hidden > 0 ? [`+${grouped(hidden)} hidden`] : []),
    ...(path === null && !isKernel ? ['no file'] : []),
  ].join(' · ');
}

/** One sentence that tells a node apart without seeing it. */
export function nodeSentence(node: GraphNodeModel): string {
  const kind = { focus: 'in the middle', module: 'module', vmlinux: 'kernel', missing: 'symbols nobody exports' }[
    node.kind
  ];
  return `${nodeTitle(node)}, ${kind}, ${nodeCounts(node).replaceAll(' · ', ', ')}`;
}
