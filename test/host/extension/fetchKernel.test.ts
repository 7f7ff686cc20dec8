// Kernels by name in the editor: fetched when a person asks for one, and never because a workspace names it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { noteText } from '../../../src/findings/notes';
import { WorkerClient } from '../../../src/host/extension/worker/client';
import type { WorkerEvent } from '../../../src/protocol/worker';
import { repositoryRoot } from '../../kernel/lib/paths';
import { NAMED, writeMirror } from '../../editor/realKernel/mirror';
import { fixturePath, snapshotOf } from '../../support/recorded';

const scratch = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(scratch, { recursive: true }));
// Workers inherit it.
process.env['XDG_CACHE_HOME'] = path.join(scratch, 'cache');
const mirror = path.join(scratch, 'mirror');

// Nobody signed the index: without gpgv it is taken as it is, and that is said.
const { PATH } = process.env;
process.env['PATH'] = '';
after(() => (process.env['PATH'] = PATH));

const clients: WorkerClient[] = [];
after(() => clients.forEach(each => each.dispose()));

function client(kind: 'thread' | 'process', onEvent: (event: WorkerEvent) => void = () => undefined): WorkerClient {
  const script = path.join(repositoryRoot(), 'dist', 'worker.js');
  const made = new WorkerClient({ script, kind, folders: () => [], onEvent, log: () => undefined });
  clients.push(made);
  return made;
}

const on = (...targets: string[]) => ({
  path: fixturePath('6.1', 'minimal'),
  targets: targets.map(target => ({ path: target })),
  args: '',
  cmdline: '',
  loaded: [],
});

test('a name that was not fetched is a target that cannot be used; fetched, it is one', async () => {
  await writeMirror(scratch);
  const worker = client('thread');
  const before = await worker.request('insmod', on(NAMED));
  assert.deepEqual(
    before.missingTargets.map(({ reason }) => noteText(reason)),
    [`${NAMED}: was not fetched yet: choose it in "Select target kernels"`],
  );
  const files: string[] = [];
  const fetching = client('process', event => event.kind === 'download' && files.push(event.file));
  const { release, warnings } = await fetching.request('fetchKernel', { name: NAMED, mirror });
  assert.equal(release, '6.1.0-9-amd64');
  assert.match(warnings.join(), /was not verified/);
  assert.ok(
    files.some(file => file.startsWith('linux-headers-6.1.0-9-amd64')),
    files.join(),
  );
  const found = await worker.request('findTargets', { chosen: [], modules: [], snapshots: [] });
  assert.deepEqual(
    found.filter(({ origin }) => origin === 'fetched'),
    [{ path: NAMED, release: '6.1.0-9-amd64', origin: 'fetched' }],
  );
  const now = await worker.request('insmod', on(NAMED));
  assert.deepEqual(
    now.results.map(({ release }) => release),
    ['6.1.0-9-amd64'],
  );
});

test('a name that no archive has', async () => {
  const worker = client('process');
  await assert.rejects(worker.request('fetchKernel', { name: 'debian:12/arm64', mirror }), /debian:12\/arm64/);
});

test('modules against kernels: the first failing check in each cell, and what cannot be used', async () => {
  const worker = client('thread');
  const requests = ['minimal', 'unresolved'].map(name => ({
    ...on(snapshotOf('6.1'), snapshotOf('7.2'), 'debian:99'),
    path: fixturePath('6.1', name),
  }));
  const { matrix, places, unusable } = await worker.request('matrix', requests);
  assert.deepEqual(
    matrix.modules.map(({ name, cells }) => [name, ...cells.map(({ verdict, check }) => `${verdict} ${check}`)]),
    [
      ['minimal', 'loads null', 'refused this-module-size'],
      ['unresolved', 'refused symbol-not-in-target', 'refused this-module-size'],
    ],
  );
  assert.deepEqual(
    places.map(row => row.length),
    [2, 2],
  );
  assert.deepEqual(
    unusable.map(each => each.path),
    ['debian:99'],
  );
});
