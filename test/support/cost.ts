// What something costs in units of a fixed computation, measured in the same process: slow and busy machines give about the
// same number as fast ones.

/** What takes about a second of an idle machine. */
export const ABOUT_A_SECOND = 11;

const BYTES = new Uint8Array(1 << 20);
const ROUNDS = 60;

/** FNV-1a over a megabyte, again and again. */
function fixedComputation(): void {
  let hash = 0x811c9dc5;
  for (let round = 0; round < ROUNDS; round++)
    for (let i = 0; i < BYTES.length; i++) hash = Math.imul(hash ^ (BYTES[i] ?? 0), 0x01000193);
  BYTES[0] = hash & 1;
}

let reference: number | null = null;

/** How often the fixed computation could have run in so many milliseconds of CPU time. */
export function costOfTime(milliseconds: number): number {
  // The slowest of three counts: what is compared with it may be unlucky once as well.
  reference ??= Math.max(...Array.from({ length: 3 }, referenceTime));
  return milliseconds / reference;
}

/** What `run` gives, and how often the fixed computation could have run meanwhile. */
export async function costOf<T>(run: () => T | Promise<T>): Promise<{ readonly value: T; readonly cost: number }> {
  const time = beginTime();
  const value = await run();
  return { value, cost: costOfTime(time()) };
}

function referenceTime(): number {
  const time = beginTime();
  fixedComputation();
  return time();
}

/** Starts a measurement; its end gives the CPU time since then, in milliseconds. */
export function beginTime(): () => number {
  const before = cpuTime();
  return () => cpuTime() - before;
}

/** CPU time of this process with all of its threads, in milliseconds. It stands still while other processes run. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
