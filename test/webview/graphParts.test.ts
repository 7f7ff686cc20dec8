// The parts of the dependencies tab that need no page: list of modules, what is seen of the drawing, its layout, its pace.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'node:test';
import type { GraphOverview } from '../../src/protocol/view';
import { arrowHead, edgePath, nodeBeside, placeGraph } from '../../webview/graph/layout';
import { matchingNames, overviewModel } from '../../webview/graph/overviewModel';
import { Repeater } from '../../webview/graph/repeater';
import { shownGraph } from '../../webview/graph/shown';
import { firstLook, fitting, moved, revealing, zoomed } from '../../webview/graph/viewport';
import { edge, graph, symbol } from './graphs';

const overview: GraphOverview = {
  release: '6.1',
  names: ['drm', 'mii', 'snd', 'snd_pcm'],
  paths: ['/drm.ko', null, '/snd.ko', '/snd-pcm.ko'],
  needs: Uint32Array.of(0, 0, 1, 2),
  users: Uint32Array.of(30, 31, 173, 181),
  broken: Uint32Array.of(0, 1, 0, 0),
  exports: Uint32Array.of(1200, 8, 60, 80),
  imports: Uint32Array.of(316, 10, 70, 90),
  unreadable: [],
  complete: true,
  progress: { read: 4, total: 4 },
};

test('the list of modules: cells, search', () => {
  const chosen: string[] = [];
  const model = overviewModel(overview, name => chosen.push(name));
  assert.deepEqual(
    model.columns.map((_, column) => model.cell(0, column)),
    ['drm', '0', '30', '1\u202f200', '316', ''],
  );
  assert.equal(model.cell(1, 5), '✗ 1');
  assert.equal(model.tone?.(1, 5), 'bad');
  const matches = model.matcher?.('snd');
  assert.deepEqual(
    overview.names.filter((_, row) => matches?.(row)),
    ['snd', 'snd_pcm'],
  );
  model.action?.(2);
  assert.deepEqual(chosen, ['snd']);
});

test('a module is found by either spelling of its name, its beginning before its middle', () => {
  const names = ['a_snd', 'snd_pcm', 'snd', 'drm'];
  assert.deepEqual(matchingNames(names, 'snd', 9), ['snd', 'snd_pcm', 'a_snd']);
  assert.deepEqual(matchingNames(names, 'SND-p', 9), ['snd_pcm']);
  assert.deepEqual(matchingNames(names, 'snd', 1), ['snd']);
  assert.deepEqual(matchingNames(names, ' ', 9), []);
});

const measures = { title: (text: string) => 7 * text.length, small: (text: string) => 6 * text.length };

test('users lie left of what they use, and the arrow keys lead from one to the other', () => {
  const made = shownGraph(
    graph(
      ['module/m', 'module/lib', 'module/user'],
      [edge('module/m', 'module/lib', [symbol('a')]), edge('module/user', 'module/m', [symbol('b')])],
    ),
    false,
  );
  assert.ok(made);
  const placed = placeGraph(made, measures);
  const x = (id: string): number => placed.nodes.get(id)?.x ?? NaN;
  assert.ok(x('module/user') < x('module/m') && x('module/m') < x('module/lib'));
  assert.equal(placed.crowded, false);
  assert.equal(nodeBeside(placed, 'module/m', -1, 0), 'module/user');
  assert.equal(nodeBeside(placed, 'module/m', 1, 0), 'module/lib');
  assert.equal(nodeBeside(placed, 'module/lib', 1, 0), null);
  const route = placed.edges.get('module/m → module/lib');
  assert.match(edgePath(route?.points ?? []), /^M[\d.,-]+(?:Q[\d., -]+)*L[\d.,-]+$/);
  assert.match(arrowHead(route?.points ?? [], 7), /^M.*Z$/);
});

test('a crowd of edges, even in circles, is laid out at once', () => {
  const ids = Array.from({ length: 120 }, (_, i) => `module/m${i}`);
  const edges = ids.flatMap((from, i) =>
    [1, 7, 30].map(step => edge(from, ids[(i + step) % 120] ?? '', [symbol('a')])),
  );
  const made = shownGraph(graph(ids, edges), false);
  assert.ok(made);
  const placed = placeGraph(made, measures);
  assert.equal(placed.nodes.size, 120);
  assert.equal(placed.edges.size, 360);
  assert.equal(placed.crowded, true);
});

test('what is seen: all of a small drawing, a readable part of a large one', () => {
  const screen = { width: 800, height: 400 };
  assert.equal(fitting(screen, { width: 400, height: 100 }).scale, 1);
  assert.ok(fitting(screen, { width: 8000, height: 100 }).scale < 0.1001);
  const look = firstLook(screen, { width: 600, height: 5000 }, { x: 500, y: 2500 });
  assert.equal(look.scale, 0.75);
  // As wide as there is room for: nothing is cut off at the sides.
  assert.ok(look.x <= 0 && look.x + 800 / 0.75 >= 600);
  assert.ok(look.y < 2500 && look.y + 400 / 0.75 > 2500);
});

test('zooming keeps the point under the pointer, dragging follows it, and a node is brought into view', () => {
  const view = { x: 10, y: 20, scale: 1 };
  const larger = zoomed(view, { x: 100, y: 50 }, 2);
  assert.equal(larger.scale, 2);
  assert.equal(larger.x + 100 / 2, view.x + 100);
  assert.equal(zoomed(view, { x: 0, y: 0 }, 1000).scale, 3);
  assert.deepEqual(moved(view, 5, -5), { x: 5, y: 25, scale: 1 });
  const screen = { width: 100, height: 100 };
  const box = { x: 500, y: 20, width: 40, height: 20 };
  const seen = revealing({ x: 0, y: 0, scale: 1 }, screen, box);
  assert.ok(seen.x < 500 && seen.x + 100 > 540);
  assert.deepEqual(revealing(seen, screen, box), seen);
});

test('work that is asked for again and again runs one at a time, and with pauses', async () => {
  let running = 0;
  let runs = 0;
  const work = async (): Promise<void> => {
    assert.equal(++running, 1);
    await wait(5);
    running--;
    runs++;
  };
  const until = async (count: number): Promise<void> => {
    while (runs < count) await wait(1);
  };
  const patient = new Repeater(work, 1e6);
  for (let i = 0; i < 10; i++) patient.later();
  await until(1);
  for (let i = 0; i < 10; i++) patient.later();
  await wait(20);
  assert.equal(runs, 1);
  patient.now();
  await until(2);
  // Else the timer would keep the test alive.
  patient.stop();
  const quick = new Repeater(work, 5);
  quick.now();
  quick.later();
  await until(4);
});
