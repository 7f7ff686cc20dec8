// The host's side of the worker: cancelling, and a new worker when one dies.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { WorkerClient } from '../../../src/host/extension/worker/client';
import { Cancelled } from '../../../src/host/services/cancelled';

const folder = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-client-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Dies of `findTargets`, fails `rmmod`, never answers `insmod`, and echoes everything else. */
const SCRIPT = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ kind, id, method, params }) => {
  if (kind !== 'request' || method === 'insmod') return;
  if (method === 'findTargets') process.exit(3);
  if (method === 'rmmod') return parentPort.postMessage({ kind: 'answer', id, ok: false, reason: { id: 'verbatim', facts: { text: 'no' } } });
  setTimeout(() => parentPort.postMessage({ kind: 'answer', id, ok: true, value: params }), 20);
});`;

function client(): { readonly worker: WorkerClient; readonly lines: string[] } {
  const script = path.join(folder, 'worker.cjs');
  writeFileSync(script, SCRIPT);
  const lines: string[] = [];
  return {
    worker: new WorkerClient({ script, folders: () => [], onEvent: () => undefined, log: line => lines.push(line) }),
    lines,
  };
}

const lookup = { name: 'kfree', targets: [], modulePath: null };
const request = { path: 'm.ko', targets: [], args: '', cmdline: '', loaded: [] };

test('answers and refusals reach who asked', async () => {
  const { worker } = client();
  assert.deepEqual(await worker.request('lookupSymbol', lookup), lookup);
  await assert.rejects(worker.request('rmmod', request), /^Error: no$/);
  worker.dispose();
});

test('a cancelled request is rejected at once', async () => {
  const { worker } = client();
  const abort = new AbortController();
  const answer = worker.request('insmod', request, abort.signal);
  abort.abort();
  await assert.rejects(answer, Cancelled);
  await assert.rejects(worker.request('insmod', request, abort.signal), Cancelled);
  worker.dispose();
});

test('a worker that dies is replaced: what it ran fails, the rest is asked again', async () => {
  const { worker, lines } = client();
  const fatal = worker.request('findTargets', { chosen: [], modules: [], snapshots: [] });
  const other = worker.request('lookupSymbol', lookup);
  await assert.rejects(fatal, /stopped unexpectedly/);
  assert.deepEqual(await other, lookup);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /exit status 3.*findTargets/);
  worker.dispose();
});

test('after dispose every request is cancelled', async () => {
  const { worker } = client();
  const answer = worker.request('insmod', request);
  worker.dispose();
  await assert.rejects(answer, Cancelled);
  await assert.rejects(worker.request('lookupSymbol', lookup), Cancelled);
});
