// Threads that share the work of a check, started once there is enough of it.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { KernelFacts } from '../../../target/types';
import type { CheckJob, LoadAnswer, LoadTask, ExaminingResult, Unreadable } from './job';
import { hasXz } from './xzProgram';
import { CHECK_THREAD } from './checkThread';
import { examineFiles, xzPrograms, type NextFile } from './examining';
import { Pacer } from '../pacer';

const XZ = /\.xz$/;
const COMPRESSED = /\.(?:xz|zst|gz)$/;

/** What a thread is asked for, and what it answers. */
export type PoolRequest =
  | { readonly kind: 'examine'; readonly job: CheckJob; readonly next: NextFile }
  | { readonly kind: 'load'; readonly job: CheckJob; readonly tasks: readonly LoadTask[] };
export type PoolAnswer =
  | { readonly kind: 'examined'; readonly result: ExaminingResult }
  | { readonly kind: 'loaded'; readonly answers: readonly (LoadAnswer | Unreadable)[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** Starting a thread and warming it up costs the CPU of several hundred loads: so many are worth one. */
const WORTH_A_THREAD = 1000;

/** Modules that a thread loads before it answers: messages wait for this thread, which loads, too. */
const LOAD_BATCH = 32;

/** Makes a task when its turn comes. */
export type MakeTask = () => LoadTask;

export class CheckPool {
  private started: Worker[] | null = null;

  /** @param script calls serveCheck() of thread.ts when a thread runs it with the argument CHECK_THREAD */
  constructor(
    private readonly script: string,
    private readonly threads = availableParallelism(),
  ) {}

  /** Those that are there, or new ones for so much work. */
  private workers(most = Infinity): readonly Worker[] {
    const length = Math.min(most, this.threads - 1);
    return (this.started ??= Array.from({ length }, () => new Worker(this.script, { argv: [CHECK_THREAD] })));
  }

  /** Looks at all files of a job. `facts` resolves to its targets, which every thread reads for itself. */
  async examine(
    job: CheckJob,
    facts: Promise<readonly KernelFacts[]>,
    tell?: (taken: number) => void,
  ): Promise<ExaminingResult[]> {
    const next: NextFile = new Int32Array(new SharedArrayBuffer(4));
    // A plain module is looked at about as quickly as it is read. One thread does both: code that only one of them runs is
    // compiled and warmed up only once.
    if (!COMPRESSED.test(job.files[0] ?? ''))
      return [await examineFiles(job, await facts, { kind: 'shared', next }, tell)];
    const programs = XZ.test(job.files[0] ?? '') && hasXz() ? xzPrograms(job.files.length) : [];
    if (programs.length > 0) {
      try {
        return [await examineFiles(job, await facts, { kind: 'xz', programs }, tell)];
      } finally {
        for (const program of programs) program.close();
      }
    }
    // Unpacking takes longer than everything else: then every thread does all of it.
    const elsewhere = this.workers().map(async worker => {
      const answer = await ask(worker, { kind: 'examine', job, next });
      if (answer.kind !== 'examined') throw new Error(reasonOf(answer));
      return answer.result;
    });
    // Whoever fails first is told of below, the others are not waited for.
    for (const result of elsewhere) result.catch(() => undefined);
    const own = await examineFiles(job, await facts, { kind: 'shared', next }, tell);
    return [own, ...(await Promise.all(elsewhere))];
  }

  /** Loads modules, in any order; `alone` does it in this thread. */
  async load(
    job: CheckJob,
    tasks: readonly MakeTask[],
    alone: (task: LoadTask) => Promise<LoadAnswer | Unreadable>,
    tell: (done: number) => void = () => undefined,
  ): Promise<(LoadAnswer | Unreadable)[]> {
    const answers: (LoadAnswer | Unreadable)[] = [];
    let next = 0;
    const take = async (
      most: number,
      run: (some: readonly LoadTask[]) => Promise<readonly (LoadAnswer | Unreadable)[]>,
    ): Promise<void> => {
      while (next < tasks.length) {
        const some = tasks.slice(next, (next += most)).map(make => make());
        answers.push(...(await run(some)));
        tell(answers.length);
      }
    };
    const elsewhere = this.workers(Math.floor(tasks.length / WORTH_A_THREAD)).map(worker =>
      take(LOAD_BATCH, async some => {
        const answer = await ask(worker, { kind: 'load', job, tasks: some });
        if (answer.kind !== 'loaded') throw new Error(reasonOf(answer));
        return answer.answers;
      }),
    );
    // While this thread loads it hears nothing from the others.
    const pacer = new Pacer();
    const here = take(1, async some => {
      await pacer.breathe();
      return Promise.all(some.map(alone));
    });
    await Promise.all([...elsewhere, here]);
    return answers;
  }

  async close(): Promise<void> {
    await Promise.all((this.started ?? []).map(worker => worker.terminate()));
  }
}

const reasonOf = (answer: PoolAnswer): string => (answer.kind === 'failed' ? answer.reason : answer.kind);

/** One question at a time: the next message is its answer. */
function ask(worker: Worker, request: PoolRequest): Promise<PoolAnswer> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (answer: PoolAnswer) => {
      worker.off('error', reject);
      resolve(answer);
    });
    worker.postMessage(request);
  });
}
