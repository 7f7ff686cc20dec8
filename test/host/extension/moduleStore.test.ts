// Modules that change while they are analysed: the newest answer wins, and each final state is shown once.
import { note } from '../../../src/findings/notes';
import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ModuleStore } from '../../../src/host/extension/model/moduleStore';
import { Turns } from '../../../src/host/extension/model/turns';
import type { EditorAnswer } from '../../../src/protocol/worker';
import { editorReport } from './support';

/** A disk and a worker: files by path with their content as stamp, and answers after a while. */
function workplace(delay = 5) {
  const disk = new Map<string, string>();
  const published: string[] = [];
  const analysed: string[] = [];
  const store = new ModuleStore({
    quiet: 5,
    analyse: async (path, knownStamp, signal): Promise<EditorAnswer> => {
      const stamp = disk.get(path) ?? 'absent';
      analysed.push(`${path} ${stamp}`);
      await wait(delay);
      signal.throwIfAborted();
      if (stamp === knownStamp) return { kind: 'unchanged' };
      const failure = stamp.startsWith('half') ? ({ kind: 'changed', reason: note('file-incomplete') } as const) : null;
      return { kind: 'report', report: editorReport({ path, stamp, failure }) };
    },
    publish: (path, report) => published.push(`${path} ${report?.stamp ?? 'gone'}`),
    onError: () => undefined,
  });
  const write = (path: string, content: string): void => {
    disk.set(path, content);
    store.touch(path);
  };
  return { disk, published, analysed, store, write };
}

/** Waits until it is so; gives up after five seconds, and then the assertions say what is wrong. */
async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; waited < 5000 && !isSo(); waited += 10) await wait(10);
}

test('ten modules rebuilt at once give each final state once', async () => {
  const { published, write, store } = workplace();
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 10; i++) write(`m${i}`, `build${round}`);
    await wait(2);
  }
  const finals = Array.from({ length: 10 }, (_, i) => `m${i} build4`);
  await until(() => finals.every(final => published.includes(final)));
  // Watchers tell of a write more than once.
  for (let i = 0; i < 10; i++) store.touch(`m${i}`);
  await wait(100);
  // A busy machine may stretch a pause between two builds until the first of them is shown as well: before, not after.
  for (const [i, final] of finals.entries())
    assert.equal(published.filter(line => line.startsWith(`m${i} `)).at(-1), final);
  assert.equal(published.filter(line => finals.includes(line)).length, finals.length);
  store.dispose();
});

test('an answer about an older file is not shown', async () => {
  const { published, write, store } = workplace(30);
  write('m', 'old');
  await wait(15);
  write('m', 'new');
  await wait(120);
  assert.deepEqual(published, ['m new']);
  store.dispose();
});

test('a half-written file is tried again and not shown', async () => {
  const { published, analysed, write, disk, store } = workplace();
  write('m', 'half');
  await wait(60);
  assert.deepEqual(published, []);
  disk.set('m', 'whole');
  await until(() => published.length > 0);
  assert.deepEqual(published, ['m whole']);
  assert.ok(analysed.length >= 2);
  store.dispose();
});

test('unlinked and written again is a change; unlinked for good is gone', async () => {
  const { published, write, disk, store } = workplace();
  write('m', 'one');
  await wait(40);
  disk.delete('m');
  store.touch('m');
  await wait(40);
  write('m', 'two');
  await wait(60);
  assert.deepEqual(published, ['m one', 'm two']);
  disk.delete('m');
  store.touch('m');
  await wait(400);
  assert.deepEqual(published, ['m one', 'm two', 'm gone']);
  assert.deepEqual(store.paths, []);
  store.dispose();
});

test('a refresh analyses the same file again', async () => {
  const { published, write, store } = workplace();
  write('m', 'one');
  await wait(40);
  store.refresh();
  await wait(40);
  assert.deepEqual(published, ['m one', 'm one']);
  store.dispose();
});

test('turns', () => {
  const turns = new Turns();
  const first = turns.next('a');
  assert.ok(turns.isLatest('a', first));
  const other = turns.next('b');
  const second = turns.next('a');
  assert.deepEqual(
    [turns.isLatest('a', first), turns.isLatest('a', second), turns.isLatest('b', other)],
    [false, true, true],
  );
  turns.forget('a');
  assert.equal(turns.isLatest('a', second), false);
});
