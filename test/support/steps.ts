// What something costs in steps, not in time: how often each block of code runs, as V8 counts it. The same on every machine.
import { Session, type Profiler } from 'node:inspector/promises';

/** Steps of each block that ran, by function and position. */
export type Steps = ReadonlyMap<string, number>;

let counting: Promise<Session> | null = null;

/** Begun before the code in question runs for the first time: a function that was compiled earlier is not counted. */
async function begin(): Promise<Session> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return session;
}

/** How often each block of code runs while `run` does. A turn of a loop is a step, and so is each element that includes() or indexOf() looks at. */
export async function stepsOf(run: () => unknown): Promise<Steps> {
  const session = await (counting ??= begin());
  // Taking begins to count anew.
  await session.post('Profiler.takePreciseCoverage');
  const searched = countSearches();
  try {
    await run();
  } finally {
    searched.stop();
  }
  const steps = countsOf((await session.post('Profiler.takePreciseCoverage')).result);
  return new Map([...steps, ['elements searched', searched.count()]]);
}

interface Searches {
  count(): number;
  stop(): void;
}

/** What V8 does itself has no blocks: its searches through lists are counted by the elements they look at. */
function countSearches(): Searches {
  let count = 0;
  const typed = Object.getPrototypeOf(Uint8Array.prototype) as Record<string, unknown>;
  const stops = [Array.prototype as unknown as Record<string, unknown>, typed].flatMap(prototype =>
    ['includes', 'indexOf'].map(name => {
      const original = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
      const search = original.value as (this: ArrayLike<unknown>, wanted: unknown, from?: number) => boolean | number;
      Object.defineProperty(prototype, name, {
        ...original,
        value(this: ArrayLike<unknown>, wanted: unknown, from = 0) {
          const found = search.call(this, wanted, from);
          count += typeof found === 'number' && found >= 0 ? found - from + 1 : this.length;
          return found;
        },
      });
      return () => void Object.defineProperty(prototype, name, original);
    }),
  );
  return { count: () => count, stop: () => stops.forEach(stop => stop()) };
}

export const totalOf = (steps: Steps): number => [...steps.values()].reduce((sum, count) => sum + count, 0);

function countsOf(scripts: readonly Profiler.ScriptCoverage[]): Steps {
  const steps = new Map<string, number>();
  for (const { scriptId, url, functions } of scripts) {
    if (url.startsWith('node:') || url === '') continue;
    for (const { functionName, ranges } of functions)
      for (const { startOffset, count } of ranges)
        steps.set(`${functionName || '(anonymous)'} ${scriptId}:${startOffset}`, count);
  }
  return steps;
}

/** The exponent of growth from a small case to one `factor` times as large: 1 is linear, 2 quadratic. */
export function exponentOf(small: number, large: number, factor: number): number {
  return Math.log(large / small) / Math.log(factor);
}

/** The blocks that grow fastest among those that matter in the large case, for people who look for a cause. */
export function fastestGrowing(small: Steps, large: Steps, factor: number): string[] {
  const least = totalOf(large) / 50;
  return [...large]
    .filter(([block, count]) => count > least && exponentOf(small.get(block) ?? 1, count, factor) > 1.1)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 5)
    .map(([block, count]) => `${block}: ${small.get(block) ?? 0} to ${count}`);
}
