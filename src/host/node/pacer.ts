// Long work in a thread that has others to answer: cut into slices of time.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds that others wait at most. */
const SLICE = 10;

export class Pacer {
  private since = performance.now();

  /** Lets others have their turn when this slice is over. */
  async breathe(): Promise<void> {
    if (performance.now() - this.since < SLICE) return;
    await nextTurn();
    this.since = performance.now();
  }
}
