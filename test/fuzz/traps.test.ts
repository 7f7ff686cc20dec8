// Each step of every trap ends within a second and takes less than 512 MiB. It runs in a thread of its own, so that one
// that goes on for ever is seen as well.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { MOST_MEMORY, MOST_MILLISECONDS } from './lib/types';
import { TRAPS } from './traps/index';
import type { Step, Trap } from './traps/types';

/** Nothing here takes that long, in milliseconds. */
const HANG = 30_000;

interface Measured {
  readonly step: string;
  readonly milliseconds: number;
  readonly most: number;
  /** Of the process, when the step began. */
  readonly memory: number;
}
type Message = { readonly begins: Measured } | { readonly ended: Measured } | { readonly failed: string } | 'done';

if (isMainThread) for (const trap of TRAPS) test(trap.name, () => hold(trap));
else void spring(String(workerData));

/** In the thread. */
async function spring(name: string): Promise<void> {
  const tell = (message: Message): void => parentPort?.postMessage(message);
  try {
    for (const { name: step, most = MOST_MILLISECONDS, run } of TRAPS.find(trap => trap.name === name)?.make() ?? []) {
      const memory = process.memoryUsage.rss();
      tell({ begins: { step, milliseconds: 0, most, memory } });
      let milliseconds = await timeOf(run);
      // The quickest of three runs counts: the first may have waited for a compiler.
      for (let more = 0; more < 2 && milliseconds > most; more++)
        milliseconds = Math.min(milliseconds, await timeOf(run));
      tell({ ended: { step, milliseconds, most, memory } });
    }
    tell('done');
  } catch (error) {
    tell({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

async function timeOf(run: Step['run']): Promise<number> {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  await run();
  const { user, system } = process.cpuUsage(cpu);
  // While others use the machine this process waits; that does not count.
  return Math.min(performance.now() - started, (user + system) / 1000);
}

function hold({ name }: Trap): Promise<void> {
  const worker = new Worker(__filename, { workerData: name });
  const wrong: string[] = [];
  let step: Measured | null = null;
  let since = Date.now();
  let peak = 0;
  return new Promise<void>((resolve, reject) => {
    const glance = (): void => {
      if (!step) return;
      peak = Math.max(peak, process.memoryUsage.rss() - step.memory);
      if (Date.now() - since > HANG || peak > 4 * MOST_MEMORY)
        finish(`${step.step}: goes on and on (${Math.round(peak / 2 ** 20)} MiB)`);
    };
    const timer = setInterval(glance, 10);
    const finish = (problem: string | null): void => {
      clearInterval(timer);
      worker.removeAllListeners();
      void worker.terminate().then(() => {
        const all = problem === null ? wrong : [...wrong, problem];
        try {
          assert.deepEqual(all, []);
          resolve();
        } catch (error) {
          reject(error as Error);
        }
      });
    };
    worker.on('message', (message: Message) => {
      if (message === 'done') return finish(null);
      if ('failed' in message) return finish(message.failed);
      if ('begins' in message) [step, since, peak] = [message.begins, Date.now(), 0];
      else {
        glance();
        const { step: ended, milliseconds, most } = message.ended;
        if (milliseconds > most) wrong.push(`${ended}: ${Math.round(milliseconds)} ms`);
        if (peak > MOST_MEMORY) wrong.push(`${ended}: ${Math.round(peak / 2 ** 20)} MiB`);
        step = null;
      }
    });
    worker.on('error', error => finish(error.stack ?? error.message));
  });
}
