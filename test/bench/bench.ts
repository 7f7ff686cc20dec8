// npm run bench: how long the engine takes, as a table and as JSON in .build/bench.json.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Bench, type Task } from 'tinybench';
import { explainLog } from '../../src/explain/explainLog';
import { parseSymvers } from '../../src/target/symvers';
import { openTarget, System, type KernelFacts } from '../../src/index';
import { analyseModule } from '../../src/host/node/analyse';
import { clearTargetCache } from '../../src/host/node/targets';
import { LARGE_LOGS, largeLog } from '../support/largeLogs';
import { ensureKernel } from '../kernel/lib/ensureKernel';
import { labKernel } from '../kernel/lib/kernels';
import { repositoryRoot } from '../kernel/lib/paths';
import { bootCost } from './boot';
import { coldStartCpu } from './coldStart';
import { bundleSizes, wakingUp } from './extension';
import { graphCost } from './graph';
import { treeCost, type TreeCost } from './trees';
import { buildWithDebugInfo, relocationBytes, Tree, type BenchModule } from './modules';

const KEY = '6.1';

interface Row {
  readonly name: string;
  readonly medianMs: number;
  /** Spread: 25th and 75th percentile, and the number of samples. */
  readonly p25Ms: number;
  readonly p75Ms: number;
  readonly samples: number;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

function rowOf(name: string, samples: readonly number[]): Row {
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    name,
    medianMs: quantile(sorted, 0.5),
    p25Ms: quantile(sorted, 0.25),
    p75Ms: quantile(sorted, 0.75),
    samples: sorted.length,
  };
}

function rowOfTask(task: Task): Row {
  const { result } = task;
  if (result.state !== 'completed') throw new Error(`${task.name}: ${result.state}`);
  return rowOf(task.name, result.latency.samples ?? []);
}

/** One load and one removal, on a machine that has what the module needs. */
function simulate(facts: KernelFacts, module: BenchModule): () => void {
  const system = new System(facts);
  for (const [i, bytes] of module.depends.entries()) system.insmod({ path: `dependency${i}.ko`, bytes });
  const path = `${module.name}.ko`;
  return () => {
    const result = system.insmod({ path, bytes: module.bytes });
    if (result.verdict !== 'loads') throw new Error(`${path}: ${result.errnoName ?? ''}`);
    system.rmmod(result.module.name, { flags: 0x200 });
  };
}

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1024)} KB`;

async function main(): Promise<void> {
  const missing = ensureKernel(KEY);
  if (missing !== null) {
    console.error(`bench: ${missing}`);
    process.exitCode = 2;
    return;
  }
  const kernel = labKernel(KEY);
  const facts = await openTarget(kernel.headers);
  const tree = new Tree(kernel.modules);
  const debugInfo = buildWithDebugInfo(kernel, 5);
  const large = buildWithDebugInfo(kernel, 30);
  const heavy = tree.mostRelocated();

  const bench = new Bench({ time: 1500, warmupTime: 500, retainSamples: true });
  bench.add('open a target, nothing cached', async () => {
    clearTargetCache();
    await openTarget(kernel.headers);
  });
  const symvers = readFileSync(path.join(kernel.headers, 'Module.symvers'));
  bench.add('open Module.symvers', () => {
    parseSymvers(symvers);
  });
  bench.add('open a target, cached', async () => {
    await openTarget(kernel.headers);
  });
  for (const size of [25, 50, 100, 200, 400, 800]) {
    const module = tree.closestTo(size * 1024);
    bench.add(`simulate ${module.name}, ${kilobytes(module.bytes.length)}`, simulate(facts, module));
  }
  const relocations = Math.round(relocationBytes(heavy.bytes) / 24);
  bench.add(
    `simulate ${heavy.name}, ${kilobytes(heavy.bytes.length)}, ${relocations} relocations`,
    simulate(facts, heavy),
  );
  if (debugInfo)
    bench.add(`simulate a module with debug info, ${kilobytes(debugInfo.bytes.length)}`, simulate(facts, debugInfo));
  if (large)
    bench.add(`analyse for the editor, with places, ${kilobytes(large.bytes.length)} of debug info`, async () => {
      await analyseModule({ path: large.file, targets: [{ path: kernel.headers }], args: '', cmdline: '', loaded: [] });
    });
  for (const kind of Object.keys(LARGE_LOGS)) {
    const log = largeLog(kind, 100_000);
    bench.add(`explain 100,000 lines of ${kind}`, () => {
      explainLog(log);
    });
  }
  await bench.run();

  const stock = tree.closestTo(100 * 1024);
  const graph = await graphCost(facts, kernel.modules);
  const trees = [treeCost('6.1', 5), treeCost('6.12', 3)];
  const boots = await bootCost();
  const measured = trees.filter(tree => typeof tree !== 'string');
  const rows = [
    ...bench.tasks.map(rowOfTask),
    ...graph.rows.map(({ name, samples }) => rowOf(name, samples)),
    ...measured.flatMap(tree => tree.rows.map(({ name, samples }) => rowOf(name, samples))),
    ...[...coldStartCpu(kernel.headers, stock), ...wakingUp()].map(({ name, samples }) => rowOf(name, samples)),
    ...(typeof boots === 'string' ? [] : boots.map(({ name, samples }) => rowOf(name, samples))),
  ];
  print(rows);
  console.log(`the graph's index holds ${kilobytes(graph.bytes)}`);
  for (const tree of trees) console.log(typeof tree === 'string' ? `left out: a whole tree: ${tree}` : treeLine(tree));
  if (typeof boots === 'string') console.log(`left out: real kernels: ${boots}`);
  if (!debugInfo || !large) console.log('left out: the modules with debug info (need make and gcc-12)');
  const sizes = bundleSizes();
  console.log(
    Object.entries(sizes)
      .map(([name, bytes]) => `${name} ${kilobytes(bytes)}`)
      .join(', '),
  );
  const out = path.join(repositoryRoot(), '.build', 'bench.json');
  mkdirSync(path.dirname(out), { recursive: true });
  writeFileSync(
    out,
    JSON.stringify(
      {
        node: process.version,
        kernel: kernel.release,
        rows,
        graphBytes: graph.bytes,
        sizes,
        trees: measured.map(({ tree, ratios, peakBytes }) => ({ tree, ratios, peakBytes })),
      },
      null,
      2,
    ) + '\n',
  );
}

function treeLine({ tree, ratios, peakBytes }: TreeCost): string {
  const shown = ratios.map(({ name, ratio }) => `${name} ${ratio.toFixed(2)}`).join(', ');
  return `${tree}: times of depmod -n: ${shown}; peak memory ${kilobytes(peakBytes)}`;
}

function print(rows: readonly Row[]): void {
  const width = Math.max(...rows.map(row => row.name.length));
  const cell = (ms: number): string => ms.toFixed(ms < 10 ? 3 : 1).padStart(9);
  console.log(`${''.padEnd(width)}    median     p25       p75  ms   samples`);
  for (const { name, medianMs, p25Ms, p75Ms, samples } of rows)
    console.log(
      `${name.padEnd(width)} ${cell(medianMs)} ${cell(p25Ms)} ${cell(p75Ms)} ${String(samples).padStart(12)}`,
    );
}

void main();
