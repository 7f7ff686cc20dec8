// A thread of a check: opens the targets, looks at files, then loads what it is asked to.
import type { MessagePort } from 'node:worker_threads';
import type { CheckJob, LoadTask } from './job';
import type { Loader } from './loading';
import type { PoolAnswer, PoolRequest } from './pool';
import { examineFiles, type NextFile } from './examining';
import { setOpenedDirectories } from '../../places/readableFiles';
import { openTargets, type OpenTargets } from './targets';

setOpenedDirectories([process.cwd()]);

class Thread {
  private targets: Promise<OpenTargets> | null = null;
  private loader: Loader | null = null;

  async answer(request: PoolRequest): Promise<PoolAnswer> {
    try {
      if (request.kind === 'examine') return await this.examine(request.job, request.next);
      return await this.load(request.job, request.tasks);
    } catch (error) {
      return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  private open(job: CheckJob): Promise<OpenTargets> {
    return (this.targets ??= openTargets(job.targets));
  }

  private async examine(job: CheckJob, next: NextFile): Promise<PoolAnswer> {
    const { facts } = await this.open(job);
    return { kind: 'examined', result: await examineFiles(job, facts, { kind: 'shared', next }) };
  }

  private async load(job: CheckJob, tasks: readonly LoadTask[]): Promise<PoolAnswer> {
    // Most checks need no loader.
    const { Loader, loadOne } = await import('./loading');
    const { facts } = await this.open(job);
    this.loader ??= new Loader(facts, job.cmdline, job.budget);
    const answers = [];
    for (const task of tasks) answers.push(await loadOne(this.loader, task));
    return { kind: 'loaded', answers };
  }
}

/** Answers what a pool asks through that port. */
export function serveCheck(port: MessagePort): void {
  const thread = new Thread();
  port.on('message', (request: PoolRequest) => {
    void thread.answer(request).then(answer => port.postMessage(answer));
  });
}
