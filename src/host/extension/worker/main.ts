// The worker, a thread or a process: takes requests one at a time, what a person waits for before what runs in the background.
import { setImmediate as breathe } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { setOpenedDirectories } from '../../places/readableFiles';
import type { FromWorker, Method, ToWorker } from '../../../protocol/worker';
import { reasonOf } from '../../../findings/notes';
import type { Bundle } from '../../../findings/words';
import { setNamedSettings } from '../../node/named/settings';
import { setWords } from '../model/l10n';
import { onGraphProgress } from './graph';
import { methods } from './methods';
import type { RunningRequest } from './running';
import { onWatchEvent } from './watch';

interface Job {
  readonly id: number;
  readonly method: Method;
  readonly params: unknown;
}

// What a workspace names is not fetched before a person asks for it.
setNamedSettings({ offline: true });
/** A thread is given its words when it begins, a process with its first message. */
setWords((workerData as { readonly words: Bundle } | null)?.words);

const background: Job[] = [];
const urgent: Job[] = [];
let running: { readonly id: number; readonly abort: AbortController } | null = null;

const post = (message: FromWorker): void => {
  if (parentPort) parentPort.postMessage(message);
  else process.send?.(message);
};

const receive = (message: ToWorker): void => {
  if (message.kind === 'words') return setWords(message.words);
  if (message.kind === 'cancel') {
    if (running?.id === message.id) running.abort.abort();
    drop(background, message.id);
    drop(urgent, message.id);
    return;
  }
  setOpenedDirectories(message.folders);
  (message.method === 'analyse' ? background : urgent).push(message);
  if (!running) void run();
};

if (parentPort) parentPort.on('message', receive);
else {
  process.on('message', receive);
  process.on('disconnect', endProcess);
}
onWatchEvent(post);
onGraphProgress(post);

function drop(queue: Job[], id: number): void {
  const index = queue.findIndex(job => job.id === id);
  if (index >= 0) queue.splice(index, 1);
}

/** Milliseconds for what is under way to remove its files and end its machine. */
const FAREWELL = 2000;

/** The editor is gone, or wants nothing more. */
function endProcess(): void {
  if (!running) process.exit();
  urgent.length = background.length = 0;
  running.abort.abort();
  setTimeout(() => process.exit(), FAREWELL).unref();
}

async function run(): Promise<void> {
  for (;;) {
    const job = urgent.shift() ?? background.shift();
    if (!job) break;
    const abort = new AbortController();
    running = { id: job.id, abort };
    try {
      const method = methods[job.method] as (params: unknown, running: RunningRequest) => Promise<unknown>;
      const value = await method(job.params, { signal: abort.signal, tell: post });
      post({ kind: 'answer', id: job.id, ok: true, value });
    } catch (error) {
      post({ kind: 'answer', id: job.id, ok: false, reason: reasonOf(error) });
    }
    // Messages that came meanwhile, cancelling among them, are received here.
    await breathe();
  }
  running = null;
  // The editor has closed the channel, so no request can follow.
  if (!parentPort && !process.connected) process.exit();
}
