// Threads that share the work of a check. This thread takes part in looking at files; loading is left to the others.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { KernelFacts } from '../../../target/types';
import type { CheckJob, LoadAnswer, LoadTask, ExaminingResult, Unreadable } from './job';
import { FilesAhead, readAheadMemory, type ReadAheadMemory } from './readAhead';
import { hasXz } from './xzProgram';
import { examineFiles, type NextFile } from './examining';

const XZ = /\.xz$/;
const COMPRESSED = /\.(?:xz|zst|gz)$/;

/** What a thread is asked for, and what it answers. */
export type PoolRequest =
  | { readonly kind: 'examine'; readonly job: CheckJob; readonly next: NextFile }
  | { readonly kind: 'read'; readonly job: CheckJob; readonly memory: ReadAheadMemory }
  | { readonly kind: 'load'; readonly job: CheckJob; readonly task: LoadTask };
export type PoolAnswer =
  | { readonly kind: 'examined'; readonly result: ExaminingResult }
  | { readonly kind: 'read' }
  | { readonly kind: 'loaded'; readonly answer: LoadAnswer }
  | { readonly kind: 'unreadable'; readonly unreadable: Unreadable }
  | { readonly kind: 'failed'; readonly reason: string };

/** Threads start with the pool, before it is known what there is to do: starting takes as long as hundreds of modules. */
export class CheckPool {
  private readonly workers: readonly Worker[];

  /** @param script calls serveCheck() of thread.ts when a thread runs it */
  constructor(script: string, threads = availableParallelism()) {
    this.workers = Array.from({ length: threads - 1 }, () => new Worker(script));
  }

  /** Looks at all files of a job. `facts` resolves to its targets, which every thread reads for itself. */
  async examine(
    job: CheckJob,
    facts: Promise<readonly KernelFacts[]>,
    tell?: (taken: number) => void,
  ): Promise<ExaminingResult[]> {
    // Unpacking takes longer than everything else: then every thread does all of it.
    if (this.workers.length > 0 && !COMPRESSED.test(job.files[0] ?? '')) return this.examineHere(job, facts, tell);
    if (XZ.test(job.files[0] ?? '') && hasXz()) {
      // One more than there are cores: while this thread looks at files, none of them waits for it.
      const programs = availableParallelism() + 1;
      return [await examineFiles(job, await facts, { kind: 'xz', programs }, tell)];
    }
    const next: NextFile = new Int32Array(new SharedArrayBuffer(4));
    const elsewhere = this.workers.map(async worker => {
      const answer = await ask(worker, { kind: 'examine', job, next });
      if (answer.kind !== 'examined') throw new Error(reasonOf(answer));
      return answer.result;
    });
    // Whoever fails first is told of below, the others are not waited for.
    for (const result of elsewhere) result.catch(() => undefined);
    const own = await examineFiles(job, await facts, { kind: 'shared', next }, tell);
    return [own, ...(await Promise.all(elsewhere))];
  }

  /** One other thread reads, this one looks. */
  private async examineHere(
    job: CheckJob,
    facts: Promise<readonly KernelFacts[]>,
    tell?: (taken: number) => void,
  ): Promise<ExaminingResult[]> {
    const memory = readAheadMemory();
    const [reader, ...others] = this.workers;
    const reading = reader && ask(reader, { kind: 'read', job, memory });
    // They may be needed for loading.
    for (const worker of others) void ask(worker, { kind: 'read', job: { ...job, files: [] }, memory });
    const result = await examineFiles(job, await facts, { kind: 'ahead', files: new FilesAhead(memory) }, tell);
    await reading;
    return [result];
  }

  /** Loads modules, in any order; `alone` does it in this thread. */
  async load(
    job: CheckJob,
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
    const elsewhere = this.workers.map(worker =>
      take(async task => {
        const answer = await ask(worker, { kind: 'load', job, task });
        if (answer.kind === 'loaded') return answer.answer;
        if (answer.kind === 'unreadable') return answer.unreadable;
        throw new Error(reasonOf(answer));
      }),
    );
    await Promise.all([...elsewhere, take(alone)]);
    return answers;
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map(worker => worker.terminate()));
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
