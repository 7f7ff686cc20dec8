// Long work in short pieces, so that the page stays alive in between.

/** Milliseconds at a time: a third of a frame, so that most of it is left for drawing. */
const SLICE = 5;

export interface Clock {
  now(): number;
  /** Lets everything else have its turn. */
  pause(): Promise<void>;
}

const pageClock: Clock = {
  now: () => performance.now(),
  pause: () => new Promise(resolve => setTimeout(resolve)),
};

/** Runs `steps` to its end; null when `signal` said in between that nobody waits for it any more. */
export async function inSlices<T>(
  steps: Generator<void, T>,
  signal: AbortSignal,
  clock: Clock = pageClock,
): Promise<T | null> {
  for (let end = clock.now() + SLICE; ;) {
    const { done, value } = steps.next();
    if (signal.aborted) return null;
    if (done) return value;
    if (clock.now() < end) continue;
    await clock.pause();
    if (signal.aborted) return null;
    end = clock.now() + SLICE;
  }
}
