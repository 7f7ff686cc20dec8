// What the dependencies tab shows of a graph: which edges, in which words, as a tree, and as Markdown.
import assert from 'node:assert/strict';
import test from 'node:test';
import { graphMarkdown } from '../../webview/graph/graphMarkdown';
import { isSameGraph, shownGraph, type ShownGraph } from '../../webview/graph/shown';
import { keysTo, rootNode, type GraphTreeNode } from '../../webview/graph/treeNodes';
import { edgeLabel, nodeCounts, nodeSentence, refusedFirst, stateWords } from '../../webview/graph/words';
import { edge, graph, node, symbol } from './graphs';

const refused = symbol('b', { state: 'version', found: '0x00000002' });
const dmabuf = symbol('c', { gplOnly: true, namespace: 'DMA_BUF' });

/** user → m → lib, user → lib, m → vmlinux, and what nobody exports to m. */
const model = graph(
  ['module/m', 'missing/m', 'module/lib', 'module/user', 'vmlinux'],
  [
    edge('module/m', 'missing/m', [symbol('gone', { state: 'missing', found: null })]),
    edge('module/m', 'module/lib', [symbol('a'), refused, dmabuf]),
    edge('module/m', 'vmlinux', [symbol('_printk')]),
    edge('module/user', 'module/lib', [symbol('a')]),
    edge('module/user', 'module/m', [symbol('m_use')]),
  ],
);

function shown(withKernel = false): ShownGraph {
  const made = shownGraph(model, withKernel);
  assert.ok(made);
  return made;
}

test('edges to vmlinux are shown when asked for, when broken, and when there is nothing else', () => {
  assert.equal(shown(true).edges.length, 5);
  assert.equal(shown().edges.length, 4);
  assert.equal(shown().withoutKernel, 1);
  assert.ok(!shown().nodes.some(({ id }) => id === 'vmlinux'));
  const broken = graph(
    ['module/m', 'module/lib', 'vmlinux'],
    [edge('module/m', 'module/lib', [symbol('a')]), edge('module/m', 'vmlinux', [refused])],
  );
  assert.equal(shownGraph(broken, false)?.edges.length, 2);
  const alone = graph(['module/m', 'vmlinux'], [edge('module/m', 'vmlinux', [symbol('_printk')])]);
  assert.equal(shownGraph(alone, false)?.edges.length, 1);
  const kernel = graph(['vmlinux', 'module/m'], [edge('module/m', 'vmlinux', [symbol('_printk')])]);
  assert.equal(shownGraph(kernel, false)?.edges.length, 1);
  assert.equal(shownGraph({ ...model, focus: null }, false), null);
});

test('answers that say the same are the same', () => {
  const again = structuredClone(model);
  assert.ok(isSameGraph(model, again));
  assert.ok(isSameGraph(model, { ...again, complete: false, progress: { read: 1, total: 9 } }));
  const [first, second, ...others] = again.edges;
  assert.ok(first && second);
  const other = edge(second.from, second.to, [symbol('a'), { ...refused, found: '0x00000003' }, dmabuf]);
  assert.ok(!isSameGraph(model, { ...again, edges: [first, other, ...others] }));
  assert.ok(!isSameGraph(model, { ...again, nodes: again.nodes.slice(1) }));
});

test('words on an edge: how many symbols, refused ones, GPL, namespaces', () => {
  assert.equal(edgeLabel(edge('a', 'b', [symbol('a')])), '1 symbol');
  assert.equal(edgeLabel(edge('a', 'b', [symbol('a'), dmabuf])), '2 symbols · GPL · DMA_BUF');
  assert.equal(edgeLabel(edge('a', 'b', [refused])), '✗ 1 symbol');
  assert.equal(edgeLabel(edge('a', 'b', [symbol('a'), refused])), '✗ 1 of 2 symbols');
  const two = [dmabuf, symbol('d', { namespace: 'CRYPTO' }), dmabuf];
  assert.equal(edgeLabel(edge('a', 'b', two)), '3 symbols · GPL · 2 namespaces');
});

test('words on a node', () => {
  assert.equal(
    nodeCounts(node('module/m', { needs: 2, users: 1200, hidden: 3 })),
    'needs 2 · used by 1\u202f200 · +3 hidden',
  );
  assert.equal(nodeCounts(node('module/m', { path: null })), 'needs 0 · used by 0 · no file');
  assert.equal(nodeCounts(node('missing/m')), 'wanted by m');
  assert.equal(nodeSentence(node('vmlinux', { users: 2 })), 'vmlinux, kernel, the kernel, used by 2');
});

test('states in words tell CRCs that agree from those that are not compared', () => {
  assert.match(stateWords(symbol('a')), /CRCs agree/);
  assert.match(stateWords(symbol('a', { found: null })), /no CRC to compare/);
  assert.match(stateWords(symbol('a', { found: '0x00000002' })), /does not check/);
  assert.match(stateWords(refused), /^refused: the CRCs differ/);
  assert.match(stateWords(symbol('a', { state: 'unresolved-weak', weak: true })), /weak, so it stays 0/);
  assert.deepEqual(
    refusedFirst([symbol('a'), refused, symbol('c')]).map(({ name }) => name),
    ['b', 'a', 'c'],
  );
});

/** All of a tree as far as `depth`, a line for each. */
function lines(at: GraphTreeNode, depth: number, indent = ''): string[] {
  const below = depth === 0 ? [] : at.children().flatMap(child => lines(child, depth - 1, `${indent}  `));
  return [`${indent}${at.label}${at.broken ? ' !' : ''}`, ...below];
}

test('the tree says what the drawing says, broken edges first', () => {
  assert.deepEqual(lines(rootNode(shown()), 3), [
    'm !',
    '  needs !',
    '    ✗ not exported !',
    '      gone !',
    '    lib !',
    '      needed by',
    '      b !',
    '      a',
    '      c',
    '  needed by',
    '    user',
    '      needs',
    '      m_use',
  ]);
  const alone = shownGraph(graph(['module/m'], []), false);
  assert.ok(alone);
  assert.deepEqual(lines(rootNode(alone), 1), ['m', '  No other module is shown.']);
});

test('keys in the tree are unique and lead to whatever is selected', () => {
  const keys = (at: GraphTreeNode, depth: number): string[] => [
    at.key,
    ...(depth === 0 ? [] : at.children().flatMap(child => keys(child, depth - 1))),
  ];
  const all = keys(rootNode(shown()), 6);
  assert.equal(new Set(all).size, all.length);
  for (const selected of [
    'module/m',
    'module/user',
    'missing/m',
    'module/user → module/lib',
    'module/m → module/lib',
  ]) {
    const way = keysTo(shown(), selected);
    assert.notEqual(way.length, 0, selected);
    for (const key of way) assert.ok(all.includes(key), key);
  }
  assert.deepEqual(keysTo(shown(), 'module/other'), []);
});

test('an edge of thousands of symbols is cut in the tree, refused ones stay', () => {
  const many = Array.from({ length: 3000 }, (_, i) => symbol(`s${i}`));
  const made = shownGraph(
    graph(['module/m', 'module/lib'], [edge('module/m', 'module/lib', [...many, refused])]),
    false,
  );
  assert.ok(made);
  const [needs] = rootNode(made).children();
  const symbols = needs?.children()[0]?.children() ?? [];
  assert.equal(symbols.length, 201);
  assert.equal(symbols[0]?.label, 'b');
  assert.equal(symbols.at(-1)?.label, '2\u202f801 more symbols');
});

test('Markdown: edges, what is refused, and how much of it is known', () => {
  const text = graphMarkdown(shown(), { read: 3, total: 9 });
  assert.match(text, /^## Dependencies of m on 6\.1\n/);
  assert.match(text, /\| m \| lib \| 3 \| 1 \| DMA\\_BUF \| 1 \|/);
  assert.match(text, /\| m \| lib \| `b` \| `0x00000001` \| `0x00000002` \|  \| refused: the CRCs differ \|/);
  assert.match(text, /3 of 9 modules were read/);
  assert.ok(text.indexOf('| m | lib |') < text.indexOf('| user | m |'));
});

test('names that look like HTML or Markdown are text', () => {
  const evil = '<img onerror=x>|';
  const made = shownGraph(
    graph(['module/m', `module/${evil}`], [edge('module/m', `module/${evil}`, [symbol('a')])]),
    false,
  );
  assert.ok(made);
  assert.match(graphMarkdown(made, null), /\| &lt;img onerror=x>\\\| \|/);
});
