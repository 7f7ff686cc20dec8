// Threads that share the work of a check. This thread takes part in looking at files; loading is left to the others.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { KernelFacts } from '../../core/kernel/types';
import type { CheckJob, LoadAnswer, LoadTask, ScreeningResult, Unreadable } from './job';
import { screenFiles, type NextFile } from './screening';

export interface WorkerStart {
  readonly role: 'check';
  readonly job: CheckJob;
  readonly next: NextFile;
}

/** What a thread is asked for after it has looked at files, and what it answers. */
export type PoolRequest = { readonly kind: 'load'; readonly task: LoadTask };
export type PoolAnswer =
  | { readonly kind: 'screened'; readonly result: ScreeningResult }
  | { readonly kind: 'loaded'; readonly answer: LoadAnswer }
  | { readonly kind: 'unreadable'; readonly unreadable: Unreadable }
  | { readonly kind: 'failed'; readonly reason: string };

interface Member {
  readonly worker: Worker;
  readonly screened: Promise<ScreeningResult>;
}

export class CheckPool {
  private readonly members: Member[];
  private readonly next: NextFile = new Int32Array(new SharedArrayBuffer(4));

  /** @param script that runs {@link takePart} when it is started as a thread */
  constructor(
    private readonly job: CheckJob,
    script: string,
    threads = Math.max(1, Math.min(availableParallelism(), Math.ceil(job.files.length / 16))),
  ) {
    this.members = Array.from({ length: threads - 1 }, () => this.start(script));
  }

  /** Looks at all files. */
  async screen(facts: readonly KernelFacts[], tell?: (taken: number) => void): Promise<ScreeningResult[]> {
    const own = await screenFiles(this.job, facts, this.next, tell);
    return [own, ...(await Promise.all(this.members.map(({ screened }) => screened)))];
  }

  /** Loads modules, in any order. With a single thread `alone` does it here. */
  async load(
    tasks: readonly LoadTask[],
    alone: (task: LoadTask) => Promise<LoadAnswer | Unreadable>,
    tell: (done: number) => void = () => undefined,
  ): Promise<(LoadAnswer | Unreadable)[]> {
    const answers: (LoadAnswer | Unreadable)[] = [];
    let next = 0;
    const take = async (run: (task: LoadTask) => Promise<LoadAnswer | Unreadable>): Promise<void> => {
      for (let task = tasks[next++]; task; task = tasks[next++]) {
        answers.push(await run(task));
        tell(answers.length);
      }
    };
    const elsewhere = this.members.map(({ worker }) => take(task => ask(worker, task)));
    await Promise.all([...elsewhere, take(alone)]);
    return answers;
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map(({ worker }) => worker.terminate()));
  }

  private start(script: string): Member {
    const { job, next } = this;
    const worker = new Worker(script, { workerData: { role: 'check', job, next } satisfies WorkerStart });
    const screened = new Promise<ScreeningResult>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', (answer: PoolAnswer) => {
        if (answer.kind === 'screened') resolve(answer.result);
        else reject(new Error(answer.kind === 'failed' ? answer.reason : answer.kind));
      });
    });
    // It is asked for later, and must not count as unhandled until then.
    screened.catch(() => undefined);
    return { worker, screened };
  }
}

function ask(worker: Worker, task: LoadTask): Promise<LoadAnswer | Unreadable> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (answer: PoolAnswer) => {
      worker.removeAllListeners('error');
      if (answer.kind === 'loaded') resolve(answer.answer);
      else if (answer.kind === 'unreadable') resolve(answer.unreadable);
      else reject(new Error(answer.kind === 'failed' ? answer.reason : answer.kind));
    });
    worker.postMessage({ kind: 'load', task } satisfies PoolRequest);
  });
}
