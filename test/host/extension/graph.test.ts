// The worker's answers about the graph: at once, and more after progress.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { graph, graphOverview, onGraphProgress } from '../../../src/host/extension/worker/graph';
import type { GraphModel } from '../../../src/protocol/graph';
import type { WorkerEvent } from '../../../src/protocol/worker';
import { fixturePath, releaseOf, snapshotOf } from '../../support/recorded';

const root = mkdtempSync(path.join(tmpdir(), 'insmod-lens-graph-'));
after(() => rmSync(root, { recursive: true }));
const kernel = path.join(root, 'kernel');
mkdirSync(kernel);
const installed = (name: string): string => path.join(kernel, `${name}.ko`);
for (const name of ['exporter', 'chain']) cpSync(fixturePath('6.1', name), installed(name));

const target = { path: snapshotOf('6.1'), modules: root };
const AROUND = { depth: 1, direction: 'both', limit: 100 } as const;

const events: WorkerEvent[] = [];
onGraphProgress(event => events.push(event));

async function complete<T extends { readonly complete: boolean }>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await ask();
    if (answer.complete) return answer;
    await wait(10);
  }
  return assert.fail('never complete');
}

test('around a module of the workspace', async () => {
  const user = fixturePath('6.1', 'chainuser');
  const model: GraphModel = await complete(() => graph({ target, path: user, known: [user], ...AROUND }));
  assert.equal(model.release, releaseOf('6.1'));
  assert.equal(model.focus, 'module/chainuser');
  assert.deepEqual(
    model.nodes.map(({ id, path, kind, needs, users }) => [id, path, kind, needs, users]),
    [
      ['module/chain', installed('chain'), 'module', 1, 1],
      ['module/chainuser', user, 'focus', 2, 0],
      ['module/exporter', installed('exporter'), 'module', 0, 2],
      ['vmlinux', null, 'vmlinux', 0, 3],
    ],
  );
  const edge = model.edges.find(({ from, to }) => from === 'module/chainuser' && to === 'module/chain');
  assert.match(edge?.symbols[0]?.wanted ?? '', /^0x[0-9a-f]{8}$/);
  assert.deepEqual(
    edge?.symbols.map(({ name, gplOnly, state, wanted, found }) => [name, gplOnly, state, wanted === found]),
    [['suite_chain', true, 'ok', true]],
  );
  assert.deepEqual(structuredClone(model), model, 'crosses threads');
  // The last report follows the answer that has everything.
  const whole = { kind: 'graph-progress', path: target.path, read: 3, total: 3 } as const;
  for (let tries = 0; tries < 100 && !isDeepStrictEqual(events.at(-1), whole); tries++) await wait(10);
  assert.deepEqual(events.at(-1), whole);
});

test('around a module by its name, and around the kernel', async () => {
  const byName = await complete(() => graph({ target, path: null, name: 'chain', known: [], ...AROUND }));
  assert.equal(byName.focus, 'module/chain');
  const around = await complete(() => graph({ target, path: null, name: 'vmlinux', known: [], ...AROUND }));
  assert.deepEqual(
    around.edges.map(({ from, to }) => [from, to]),
    [
      ['module/chain', 'module/exporter'],
      ['module/chain', 'vmlinux'],
      ['module/exporter', 'vmlinux'],
    ],
  );
  const nobody = await graph({ target, path: null, name: 'nobody', known: [], ...AROUND });
  assert.deepEqual([nobody.focus, nobody.nodes, nobody.edges], [null, [], []]);
});

test('all modules, and what cannot be read', async () => {
  const absent = path.join(root, 'absent.ko');
  const overview = await complete(() => graphOverview({ target, path: null, known: [absent] }));
  assert.deepEqual(overview.unreadable, [{ path: absent, reason: { id: 'no-such-file', facts: {} } }]);
  const row = overview.names.indexOf('exporter');
  assert.deepEqual(
    [overview.needs, overview.users, overview.broken, overview.exports].map(column => column[row]),
    [0, 1, 0, 4],
  );
  assert.equal(overview.paths[row], installed('exporter'));
  assert.equal(overview.paths[overview.names.indexOf('absent')], absent);
});

test('a snapshot has no modules: what nobody exports is one node', async () => {
  const user = fixturePath('6.1', 'user');
  const alone = await complete(() => graph({ target: { path: snapshotOf('6.1') }, path: user, known: [], ...AROUND }));
  assert.deepEqual(
    alone.edges.map(({ to, broken }) => [to, broken]),
    [
      ['missing/user', true],
      ['vmlinux', false],
    ],
  );
  const [missing] = alone.edges;
  assert.deepEqual(
    missing?.symbols.map(({ name, state, found }) => [name, state, found]),
    [
      ['suite_data', 'missing', null],
      ['suite_plain', 'missing', null],
    ],
  );
});

test('a module of the workspace that was built again is read again at once', async () => {
  const own = path.join(root, 'own', 'user.ko');
  mkdirSync(path.dirname(own));
  cpSync(fixturePath('6.1', 'user'), own);
  const needs = async (): Promise<number | undefined> => {
    const model = await complete(() => graph({ target, path: null, name: 'user', known: [own], ...AROUND }));
    return model.nodes.find(({ kind }) => kind === 'focus')?.needs;
  };
  assert.equal(await needs(), 1);
  rmSync(own);
  writeFileSync(own, 'not a module any more');
  assert.equal(await needs(), 0);
});

test('a target that cannot be opened says why', async () => {
  const nowhere = { path: path.join(root, 'nowhere') };
  await assert.rejects(graphOverview({ target: nowhere, path: null, known: [] }), /no such file or directory/);
});
