// Long work in a thread that has others to answer: cut into slices of time.

/** Milliseconds that others wait at most. */
const SLICE = 10;

export class Pacer {
  private since = milliseconds();

  /** Lets others have their turn when this slice is over. */
  async breathe(): Promise<void> {
    if (milliseconds() - this.since < SLICE) return;
    await new Promise(resolve => setImmediate(resolve));
    this.since = milliseconds();
  }
}

/** Of a clock that is at hand: `performance` and `timers/promises` take milliseconds to load. */
const milliseconds = (): number => Number(process.hrtime.bigint() / 1_000_000n);
