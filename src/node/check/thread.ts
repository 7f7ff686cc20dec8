// A thread of a check: opens the targets, looks at files, then loads what it is asked to.
import { isMainThread, parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { inputError } from '../files';
import type { CheckJob, LoadAnswer, LoadTask, Unreadable } from './job';
import { Loader } from './loading';
import type { PoolAnswer, PoolRequest, WorkerStart } from './pool';
import { screenFiles } from './screening';
import { openTargets } from './targets';

/** What this thread was started for, or null in the main thread. */
export function startOfThread(): { readonly start: WorkerStart; readonly port: MessagePort } | null {
  const start = workerData as Partial<WorkerStart> | null;
  return !isMainThread && parentPort && start?.role === 'check'
    ? { start: start as WorkerStart, port: parentPort }
    : null;
}

export async function takePart({ job, next }: WorkerStart, port: MessagePort): Promise<void> {
  const answer = (message: PoolAnswer): void => port.postMessage(message);
  try {
    const { facts, modules } = await openTargets(job.targets);
    answer({ kind: 'screened', result: await screenFiles(job, facts, next) });
    const loader = new Loader(job, facts, modules);
    port.on('message', ({ task }: PoolRequest) => {
      void loadOne(loader, job, task).then(
        result =>
          answer('errno' in result ? { kind: 'loaded', answer: result } : { kind: 'unreadable', unreadable: result }),
        (error: unknown) => answer({ kind: 'failed', reason: String(error) }),
      );
    });
  } catch (error) {
    answer({ kind: 'failed', reason: String(error) });
  }
}

/** A file that went away since it was looked at is told like one that was never there. */
export async function loadOne(loader: Loader, job: CheckJob, task: LoadTask): Promise<LoadAnswer | Unreadable> {
  try {
    return await loader.load(task);
  } catch (error) {
    return { module: task.module, reason: inputError(job.files[task.module] ?? '', error).message };
  }
}
