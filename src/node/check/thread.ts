// A thread of a check (dist/checkThread.js): opens the targets, looks at files, then loads what it is asked to.
import { parentPort, type MessagePort } from 'node:worker_threads';
import type { CheckJob } from './job';
import type { Loader } from './loading';
import type { PoolAnswer, PoolRequest } from './pool';
import { readAhead } from './readAhead';
import { screenFiles, type NextFile } from './screening';
import { setOpenedDirectories } from '../source/readableFiles';
import { openTargets, type OpenTargets } from './targets';

setOpenedDirectories([process.cwd()]);

class Thread {
  private job: CheckJob | null = null;
  private targets: OpenTargets = { facts: [], modules: [] };
  private loader: Loader | null = null;

  async answer(request: PoolRequest): Promise<PoolAnswer> {
    try {
      if (request.kind === 'screen') return await this.screen(request.job, request.next);
      if (request.kind === 'load') return await this.load(request.task);
      this.job = request.job;
      readAhead(request.job.files, request.memory);
      return { kind: 'read' };
    } catch (error) {
      return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  private async screen(job: CheckJob, next: NextFile): Promise<PoolAnswer> {
    this.job = job;
    this.targets = await openTargets(job.targets);
    const result = await screenFiles(job, this.targets.facts, { kind: 'shared', next });
    return { kind: 'screened', result };
  }

  private async load(task: (PoolRequest & { kind: 'load' })['task']): Promise<PoolAnswer> {
    if (!this.job) throw new Error('nothing was looked at yet');
    // Most checks need no loader.
    if (this.targets.facts.length === 0) this.targets = await openTargets(this.job.targets);
    const { Loader, loadOne } = await import('./loading');
    this.loader ??= new Loader(this.targets.facts, this.job.cmdline);
    const result = await loadOne(this.loader, task);
    return 'errno' in result ? { kind: 'loaded', answer: result } : { kind: 'unreadable', unreadable: result };
  }
}

function serve(port: MessagePort): void {
  const thread = new Thread();
  port.on('message', (request: PoolRequest) => {
    void thread.answer(request).then(answer => port.postMessage(answer));
  });
}

if (parentPort) serve(parentPort);
