// What is fuzzed, and what counts as a failure.
import type { Random } from './random';

/** Bytes a stranger may have written. */
export type Input = Uint8Array;

export interface FuzzTarget {
  readonly name: string;
  /** Does with one input what the product does with it. Throws when something that must hold does not. */
  run(input: Input): void | Promise<void>;
  /** Inputs to start from, besides those of the corpus. */
  seeds(): Input[];
  /** Words of the format that its code does not spell out. */
  readonly words?: readonly string[];
  /** A change that knows the format; null where the input is not of it. */
  readonly mutate?: (input: Input, random: Random) => Input | null;
  /** Only run when it is named: it needs what not every machine has. */
  readonly onDemand?: boolean;
  /** Inputs do not grow beyond, in bytes. */
  readonly longest: number;
}

/** What takes less is not held against it, in milliseconds. */
export const WORTH_A_LOOK = 500;
/** No input may make the process grow by more, in bytes. */
export const MOST_MEMORY = 512 << 20;

export interface Failure {
  readonly target: string;
  readonly kind: 'exception' | 'time' | 'memory' | 'hang';
  readonly detail: string;
  readonly input: Input;
}

/** What a search through the inputs of one target came to. */
export interface Tally {
  readonly runs: number;
  /** Branches taken, and inputs kept because they took new ones or took them more often. */
  readonly branches: number;
  readonly kept: number;
  readonly slowest: number;
  /** In bytes. */
  readonly growth: number;
}
