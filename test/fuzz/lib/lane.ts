// A process that searches the inputs of one target: a thread runs them, and this one sees to it that no run goes on for
// ever or takes all memory there is.
import { Worker } from 'node:worker_threads';
import type { Search } from './explore';
import { cpuTime } from '../../support/cost';
import { Shared } from './shared';
import { MOST_MEMORY, type Failure, type FuzzTarget, type Tally } from './types';

/** What the thread is told, and what it tells. */
export interface ThreadData {
  readonly target: string;
  readonly search: Search;
  readonly shared: SharedArrayBuffer;
}
export type ThreadMessage = { readonly failure: Failure } | { readonly tally: Tally } | { readonly soFar: Tally };

/** A run that takes that much CPU time will not end; in milliseconds. */
const HANG = 120_000;
/** Milliseconds between two glances at the run. */
const GLANCE = 20;
/** A run that is seen that often waits for what never comes. */
const MOST_GLANCES = 30_000;
/** After so many threads that had to be ended, what is wrong is known well enough. */
const MOST_THREADS = 10;

export interface LaneResult extends Tally {
  readonly failures: readonly Failure[];
}

/** Searches; begins anew with another seed when a run had to be ended. */
export async function watchSearch(
  target: FuzzTarget,
  search: Search,
  tell: (soFar: LaneResult) => void,
): Promise<LaneResult> {
  const failures: Failure[] = [];
  let total: Tally = { runs: 0, branches: 0, kept: 0, slowest: 0, growth: 0 };
  const until = cpuTime() + search.milliseconds;
  for (let thread = 0; thread < MOST_THREADS; thread++) {
    const rest = { runs: search.runs - total.runs, milliseconds: until - cpuTime(), seed: search.seed + thread };
    if (rest.runs <= 0 || rest.milliseconds <= 0) break;
    const { tally, ended } = await watchThread(target, { ...search, ...rest }, failures, soFar =>
      tell({ ...sum(total, soFar), failures }),
    );
    total = sum(total, tally);
    if (!ended) break;
  }
  return { ...total, failures };
}

function sum(one: Tally, other: Tally): Tally {
  return {
    runs: one.runs + other.runs,
    branches: Math.max(one.branches, other.branches),
    kept: one.kept + other.kept,
    slowest: Math.max(one.slowest, other.slowest),
    growth: Math.max(one.growth, other.growth),
  };
}

/** `ended` where the thread did not come to its own end. */
function watchThread(
  target: FuzzTarget,
  search: Search,
  failures: Failure[],
  tell: (soFar: Tally) => void,
): Promise<{ readonly tally: Tally; readonly ended: boolean }> {
  const shared = Shared.create(target.longest);
  const workerData: ThreadData = { target: target.name, search, shared: shared.buffer };
  const worker = new Worker(__filename, { workerData });
  return new Promise(resolve => {
    const end = (kind: Failure['kind'], detail: string): void => {
      const input = shared.running()?.input ?? new Uint8Array();
      failures.push({ target: target.name, kind, detail, input });
      finish({ runs: shared.runs, branches: 0, kept: 0, slowest: 0, growth: 0 }, true);
    };
    const finish = (tally: Tally, ended: boolean): void => {
      clearInterval(timer);
      worker.removeAllListeners();
      worker.on('error', () => undefined);
      void worker.terminate();
      resolve({ tally, ended });
    };
    let [seen, glances] = [-1, 0];
    const timer = setInterval(() => {
      const run = shared.running();
      if (!run) return;
      const growth = process.memoryUsage.rss() - run.memory;
      glances = shared.runs === seen ? glances + 1 : 0;
      seen = shared.runs;
      if (growth > MOST_MEMORY) end('memory', `${growth >> 20} MiB`);
      else if (run.milliseconds > HANG) end('hang', `${HANG / 1000} s`);
      else if (glances > MOST_GLANCES) end('hang', 'it waits');
    }, GLANCE);
    worker.on('message', (message: ThreadMessage) => {
      if ('failure' in message) failures.push(message.failure);
      else if ('soFar' in message) tell(message.soFar);
      else finish(message.tally, false);
    });
    worker.on('error', error => end('exception', error.stack ?? error.message));
  });
}
