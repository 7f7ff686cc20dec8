// npm run fuzz: searches the inputs of the targets for one that throws, takes too long, or takes too much memory.
import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { explore, type Search } from './lib/explore';
import { failuresDir, readInput, saveInput } from './lib/files';
import { watchSearch, type LaneResult, type ThreadData, type ThreadMessage } from './lib/lane';
import { Shared } from './lib/shared';
import { TARGETS, targetNamed } from './targets/index';
import type { FuzzTarget } from './lib/types';

interface LaneJob {
  readonly target: string;
  readonly search: Search;
}

if (!isMainThread) void runThread(workerData as ThreadData);
else if (process.send) process.once('message', job => void runLane(job as LaneJob));
else void main();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '3600' },
      runs: { type: 'string' },
      seed: { type: 'string' },
      lanes: { type: 'string', default: String(Math.min(2, os.availableParallelism())) },
      fresh: { type: 'boolean', default: false },
      input: { type: 'string' },
    },
  });
  const targets = positionals.length > 0 ? positionals.map(targetNamed) : TARGETS.filter(target => !target.onDemand);
  if (values.input !== undefined) return runInput(targets, values.input);
  const seed = values.seed === undefined ? randomInt(1_000_000) : Number(values.seed);
  const lanes = Number(values.lanes);
  const search: Search = {
    seed,
    runs: values.runs === undefined ? Infinity : Number(values.runs),
    milliseconds: values.runs === undefined ? (1000 * Number(values.seconds) * lanes) / targets.length : 2 ** 31,
    // A number of runs is asked for to see the same again.
    remember: values.runs === undefined && !values.fresh,
    fresh: values.fresh,
  };
  console.log(`seed ${seed}`);
  console.log('target              runs  branches    kept   slowest    memory');
  const waiting = [...targets];
  let failures = 0;
  const lane = async (): Promise<void> => {
    for (let target = waiting.shift(); target; target = waiting.shift()) {
      let shown = 0;
      const result = await forkLane({ target: target.name, search }, soFar => {
        printResult(target, { ...soFar, failures: soFar.failures.slice(shown) });
        shown = soFar.failures.length;
      });
      failures += result.failures.length;
      printResult(target, { ...result, failures: result.failures.slice(shown) });
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  process.exitCode = failures > 0 ? 1 : 0;
}

function printResult({ name }: FuzzTarget, { runs, branches, kept, slowest, growth, failures }: LaneResult): void {
  const cells = [String(runs).padStart(10), String(branches).padStart(10), String(kept).padStart(8)];
  const limits = [`${slowest.toFixed(0)} ms`.padStart(10), `${Math.round(growth / 2 ** 20)} MiB`.padStart(10)];
  console.log(name.padEnd(14) + [...cells, ...limits].join(''));
  for (const { kind, detail, input } of failures) {
    const file = saveInput(failuresDir(), input, `${name}-${kind}-`);
    console.log(`  ${kind}: ${detail.split('\n').slice(0, 6).join('\n    ')}`);
    console.log(`  npm run fuzz -- ${name} --input ${path.relative(process.cwd(), file)}`);
  }
}

/** Runs one input, to look at a failure. */
async function runInput(targets: readonly FuzzTarget[], file: string): Promise<void> {
  const input = readInput(file);
  for (const target of targets) {
    const memory = process.memoryUsage.rss();
    await target.run(input);
    const growth = Math.round((process.memoryUsage.rss() - memory) / 2 ** 20);
    console.log(`${target.name}: ${growth} MiB`);
  }
}

/** A message of a lane: `ended` is false as long as it goes on. */
interface LaneMessage {
  readonly result: LaneResult;
  readonly ended: boolean;
}

function forkLane(job: LaneJob, tell: (soFar: LaneResult) => void): Promise<LaneResult> {
  // Structured clones keep inputs as bytes.
  const child = fork(__filename, { serialization: 'advanced', execArgv: ['--enable-source-maps'] });
  return new Promise((resolve, reject) => {
    child.on('message', message => {
      const { result, ended } = message as LaneMessage;
      (ended ? resolve : tell)(result);
    });
    child.on('exit', code => reject(new Error(`the search of ${job.target} ended with status ${code}`)));
    child.send(job);
  });
}

async function runLane({ target, search }: LaneJob): Promise<void> {
  const send = (message: LaneMessage, done: () => void = () => undefined): void => void process.send?.(message, done);
  const result = await watchSearch(targetNamed(target), search, soFar => send({ result: soFar, ended: false }));
  send({ result, ended: true }, () => process.exit(0));
}

async function runThread({ target, search, shared }: ThreadData): Promise<void> {
  const tell = (message: ThreadMessage): void => parentPort?.postMessage(message);
  const tally = await explore(
    targetNamed(target),
    search,
    new Shared(shared),
    failure => tell({ failure }),
    soFar => tell({ soFar }),
  );
  tell({ tally });
}
