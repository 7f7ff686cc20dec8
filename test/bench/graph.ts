// What the graph of a whole distribution costs: names at once, everything read, one question.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { KernelFacts } from '../../src/index';
import { GraphIndex } from '../../src/host/node/graphIndex';

const RUNS = 3;
const QUESTIONS = 20;
/** Modules with many neighbours, and the one with the most. */
const HUBS = ['drm', 'snd', 'vmlinux'] as const;

export interface GraphCost {
  readonly rows: readonly { readonly name: string; readonly samples: readonly number[] }[];
  /** Bytes that the index of every module holds. */
  readonly bytes: number;
}

/** @param directory the kernel's modules */
export async function graphCost(facts: KernelFacts, directory: string): Promise<GraphCost> {
  const names: number[] = [];
  const reading: number[] = [];
  const rows = HUBS.map(name => ({ name, samples: [] as number[] }));
  let modules = 0;
  let bytes = 0;
  for (let run = 0; run < RUNS; run++) {
    const before = heldBytes();
    const index = new GraphIndex(directory);
    names.push(
      await milliseconds(async () => {
        await index.list();
        modules = index.graphOn(facts).overview().modules.length;
      }),
    );
    reading.push(await milliseconds(() => index.read(() => undefined)));
    const graph = index.graphOn(facts);
    bytes = heldBytes() - before;
    for (const { name, samples } of rows)
      for (let i = 0; i < QUESTIONS; i++)
        samples.push(await milliseconds(() => graph.neighbourhood(name, { depth: 2, direction: 'both', limit: 200 })));
  }
  return {
    rows: [
      { name: `graph of ${modules} modules, names`, samples: names },
      { name: `graph of ${modules} modules, everything read`, samples: reading },
      ...rows.map(({ name, samples }) => ({ name: `graph around ${name}, depth 2`, samples })),
    ],
    bytes,
  };
}

async function milliseconds(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function heldBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
