// Users of exports, in the workspace and among the modules of a distribution.
import assert from 'node:assert/strict';
import test from 'node:test';
import { graph } from '../../../src/host/extension/worker/graph';
import { merged, usersInGraph } from '../../../src/host/extension/model/users';
import { fixturePath, snapshotOf } from '../../support/recorded';

test('who uses an export, as the graph has it', async () => {
  const known = ['exporter', 'user', 'gpluser', 'minimal'].map(name => fixturePath('6.1', name));
  const [path = ''] = known;
  const target = { path: snapshotOf('6.1') };
  const model = await graph({ target, path, known, depth: 1, direction: 'users', limit: 1000 });
  const users = usersInGraph(model);
  assert.deepEqual(users.get('suite_plain'), ['user']);
  assert.deepEqual(users.get('suite_gpl'), ['gpluser']);
  assert.ok(![...users.values()].flat().includes('minimal'));
});

test('lists are merged', () => {
  assert.deepEqual(merged(['b', 'a'], ['a', 'c']), ['a', 'b', 'c']);
});
