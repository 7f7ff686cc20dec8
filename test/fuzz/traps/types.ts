// Inputs written to make somebody work without end, and what is done with them.

export interface Trap {
  readonly name: string;
  /** Makes the input and returns what is to be done with it, step by step; making it is not measured. */
  make(): Step[];
}

export interface Step {
  readonly name: string;
  /** Runs of the fixed computation of test/support/cost.ts, where reading that much alone takes longer than the usual limit. */
  readonly most?: number;
  run(): void | Promise<void>;
}
