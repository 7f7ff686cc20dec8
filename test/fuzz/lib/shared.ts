// What the thread that runs inputs and the one that watches it both see: the input, since when, and from how much memory.
import { cpuTime } from '../../support/cost';
import type { Input } from './types';

const NUMBERS = 4;
const HEAD = 8 * NUMBERS;
const [STARTED, MEMORY, LENGTH, RUNS] = [0, 1, 2, 3] as const;

export class Shared {
  private readonly numbers: Float64Array;
  private readonly bytes: Uint8Array;

  constructor(readonly buffer: SharedArrayBuffer) {
    this.numbers = new Float64Array(buffer, 0, NUMBERS);
    this.bytes = new Uint8Array(buffer, HEAD);
  }

  /** With room for inputs of `longest` bytes. */
  static create(longest: number): Shared {
    return new Shared(new SharedArrayBuffer(HEAD + longest));
  }

  /** An input is about to be run. */
  begin(input: Input, memory: number): void {
    this.bytes.set(input.subarray(0, this.bytes.length));
    this.numbers[LENGTH] = input.length;
    this.numbers[MEMORY] = memory;
    this.numbers[STARTED] = cpuTime();
  }

  end(): void {
    this.numbers[STARTED] = 0;
    this.numbers[RUNS] = this.runs + 1;
  }

  /** Runs that ended. */
  get runs(): number {
    return this.numbers[RUNS] ?? 0;
  }

  /** The run that is on: how many milliseconds of CPU time it has taken, and the memory of the process before it; null between runs. */
  running(): { readonly milliseconds: number; readonly memory: number; readonly input: Input } | null {
    const started = this.numbers[STARTED] ?? 0;
    if (started === 0) return null;
    const input = this.bytes.slice(0, this.numbers[LENGTH] ?? 0);
    return { milliseconds: cpuTime() - started, memory: this.numbers[MEMORY] ?? 0, input };
  }
}
