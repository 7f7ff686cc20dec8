// Each step of every trap costs little more than a fixed computation does, and takes less than 512 MiB. It runs in a thread of its own, so that one
// that goes on for ever is seen as well.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { ABOUT_A_SECOND, costOf } from '../support/cost';
import { MOST_MEMORY } from './lib/types';
import { TRAPS } from './traps/index';
import type { Trap } from './traps/types';

/** A step that has not ended after so many glances never will. */
const GLANCE = 10;
const MOST_GLANCES = 6000;

interface Measured {
  readonly step: string;
  readonly cost: number;
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
    for (const { name: step, most = ABOUT_A_SECOND, run } of TRAPS.find(trap => trap.name === name)?.make() ?? []) {
      const memory = process.memoryUsage.rss();
      tell({ begins: { step, cost: 0, most, memory } });
      let { cost } = await costOf(run);
      // The quickest of three runs counts: the first may have waited for a compiler.
      for (let more = 0; more < 2 && cost > most; more++) cost = Math.min(cost, (await costOf(run)).cost);
      tell({ ended: { step, cost, most, memory } });
    }
    tell('done');
  } catch (error) {
    tell({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function hold({ name }: Trap): Promise<void> {
  const worker = new Worker(__filename, { workerData: name });
  const wrong: string[] = [];
  let step: Measured | null = null;
  let glances = 0;
  let peak = 0;
  return new Promise<void>((resolve, reject) => {
    const glance = (): void => {
      if (!step) return;
      peak = Math.max(peak, process.memoryUsage.rss() - step.memory);
      if (++glances > MOST_GLANCES || peak > 4 * MOST_MEMORY)
        finish(`${step.step}: goes on and on (${Math.round(peak / 2 ** 20)} MiB)`);
    };
    const timer = setInterval(glance, GLANCE);
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
      if ('begins' in message) [step, glances, peak] = [message.begins, 0, 0];
      else {
        glance();
        const { step: ended, cost, most } = message.ended;
        if (cost > most) wrong.push(`${ended}: ${cost.toFixed(1)} times the fixed computation`);
        if (peak > MOST_MEMORY) wrong.push(`${ended}: ${Math.round(peak / 2 ** 20)} MiB`);
        step = null;
      }
    });
    worker.on('error', error => finish(error.stack ?? error.message));
  });
}
