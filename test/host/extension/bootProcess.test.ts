// A module on a real kernel, as the editor asks for it: in a process of its own, which takes its machine with it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkerClient } from '../../../src/host/extension/worker/client';
import { Cancelled } from '../../../src/host/services/cancelled';
import type { BootEditorRequest } from '../../../src/protocol/boot';
import type { WorkerEvent } from '../../../src/protocol/worker';
import { repositoryRoot } from '../../kernel/lib/paths';
import { fixturePath } from '../../support/recorded';
import { modulesOf, whyNoBoot } from '../node/boot/support';

const skip = whyNoBoot();

function client(onEvent: (event: WorkerEvent) => void, words?: Readonly<Record<string, string>>): WorkerClient {
  const script = path.join(repositoryRoot(), 'dist', 'worker.js');
  return new WorkerClient({ script, words, kind: 'process', folders: () => [], onEvent, log: () => undefined });
}

/** The word tells the machines of one test from all others. */
const request = (word: string, args = ''): BootEditorRequest => ({
  request: { path: fixturePath('6.1', 'initret'), targets: [], args, cmdline: word, loaded: [] },
  target: { path: modulesOf('6.1') },
  image: null,
  qemu: null,
});

/** How many machines run whose kernel was given a word. */
function machines(word: string): number {
  return readdirSync('/proc').filter(pid => {
    try {
      return /^\d+$/.test(pid) && /^[^\0]*qemu-system/.test(commandOf(pid)) && commandOf(pid).includes(word);
    } catch {
      return false;
    }
  }).length;
}

const commandOf = (pid: string): string => readFileSync(`/proc/${pid}/cmdline`, 'latin1');

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert.ok(tries < 600, 'it did not come');
    await sleep(50);
  }
}

test('the console comes as it is written, and the answer is told in the words of the person', { skip }, async () => {
  const lines: string[] = [];
  const worker = client(event => event.kind === 'console' && lines.push(event.text), {
    '{module} is accepted by {release}, and its init returned {result} ({errno}) on this virtual machine; the virtual machine has little hardware':
      '{release}: {module}: {result} ({errno})',
  });
  const { report, size, loaded, absent } = await worker.request('boot', request('insmod_lens_a', 'ret=-19'));
  worker.dispose();
  assert.match(report.summary, /^6\.1\.0-\d+-amd64: initret: -19 \(ENODEV: No such device\)$/);
  assert.deepEqual([report.verdict, report.agrees, loaded, absent], ['init-failed', true, [], []]);
  assert.equal(size, readFileSync(fixturePath('6.1', 'initret')).length);
  assert.ok(
    lines.some(line => line.includes('loading out-of-tree module taints kernel')),
    lines.join('\n'),
  );
});

test('a request that is cancelled ends its machine', { skip }, async () => {
  const worker = client(() => undefined);
  const abort = new AbortController();
  const answer = assert.rejects(worker.request('boot', request('insmod_lens_b'), abort.signal), Cancelled);
  await until(() => machines('insmod_lens_b') > 0);
  abort.abort();
  await answer;
  await until(() => machines('insmod_lens_b') === 0);
  worker.dispose();
});

test('a process that nobody listens to any more ends with its machine', { skip }, async () => {
  const worker = client(() => undefined);
  worker.request('boot', request('insmod_lens_c')).catch(() => undefined);
  await until(() => machines('insmod_lens_c') > 0);
  worker.dispose();
  await until(() => machines('insmod_lens_c') === 0);
});

test('a debugger is told when it may connect, and which gdb there is', { skip }, async () => {
  const worker = client(event => event.kind === 'debugger' && waiting.push(event));
  const waiting: Extract<WorkerEvent, { kind: 'debugger' }>[] = [];
  const abort = new AbortController();
  const answer = assert.rejects(worker.request('debugBoot', request('insmod_lens_d'), abort.signal), Cancelled);
  await until(() => waiting.length > 0);
  const [{ script, port } = { script: '', port: 0 }] = waiting;
  assert.match(script, new RegExp(`target remote 127\\.0\\.0\\.1:${port}\\nthbreak \\*0x[0-9a-f]+\\ncontinue`));
  abort.abort();
  await answer;
  await until(() => machines('insmod_lens_d') === 0);
  worker.dispose();
});
