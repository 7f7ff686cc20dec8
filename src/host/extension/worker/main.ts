// The worker thread: takes requests one at a time, what a person waits for before what runs in the background.
import { setImmediate as breathe } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { setOpenedDirectories } from '../../places/readableFiles';
import type { FromWorker, Method, ToWorker } from '../../../protocol/worker';
import { reasonOf } from '../../../findings/notes';
import type { Bundle } from '../../../findings/words';
import { setWords } from '../model/l10n';
import { onGraphProgress } from './graph';
import { methods } from './methods';
import { onWatchEvent } from './watch';

interface Job {
  readonly id: number;
  readonly method: Method;
  readonly params: unknown;
}

setWords((workerData as { readonly words: Bundle } | null)?.words);

const background: Job[] = [];
const urgent: Job[] = [];
let running = false;

const post = (message: FromWorker): void => parentPort?.postMessage(message);

parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'cancel') {
    drop(background, message.id);
    drop(urgent, message.id);
    return;
  }
  setOpenedDirectories(message.folders);
  (message.method === 'analyse' ? background : urgent).push(message);
  if (!running) void run();
});
onWatchEvent(post);
onGraphProgress(post);

function drop(queue: Job[], id: number): void {
  const index = queue.findIndex(job => job.id === id);
  if (index >= 0) queue.splice(index, 1);
}

async function run(): Promise<void> {
  running = true;
  for (;;) {
    const job = urgent.shift() ?? background.shift();
    if (!job) break;
    try {
      const method = methods[job.method] as (params: unknown) => Promise<unknown>;
      post({ kind: 'answer', id: job.id, ok: true, value: await method(job.params) });
    } catch (error) {
      post({ kind: 'answer', id: job.id, ok: false, reason: reasonOf(error) });
    }
    // Messages that came meanwhile, cancelling among them, are received here.
    await breathe();
  }
  running = false;
}
