// Which branches inputs have taken, and how often: an input that adds something is worth keeping.

declare global {
  /** Counted by what scripts/instrument.mjs put into the code; missing where it was bundled without. */
  var __branches: Uint32Array | undefined;
}

export class Branches {
  private readonly counters: Uint32Array;
  /** A bit for each order of magnitude of a count. */
  private readonly seen: Uint32Array;

  /** @param count how many branches there are */
  constructor(count: number) {
    this.counters = (globalThis.__branches ?? new Uint32Array()).subarray(0, count);
    this.seen = new Uint32Array(this.counters.length);
  }

  /** Branches taken so far. */
  get taken(): number {
    return this.seen.reduce((sum, bits) => sum + (bits === 0 ? 0 : 1), 0);
  }

  /** Forgets the last run. */
  reset(): void {
    this.counters.fill(0);
  }

  /** Whether the last run took a branch that none took before, or took one so often for the first time. */
  isNew(): boolean {
    const { counters, seen } = this;
    let fresh = false;
    for (let i = 0; i < counters.length; i++) {
      const count = counters[i] ?? 0;
      if (count === 0) continue;
      const bit = 1 << (32 - Math.clz32(count));
      const known = seen[i] ?? 0;
      if ((known & bit) !== 0) continue;
      seen[i] = known | bit;
      fresh = true;
    }
    return fresh;
  }
}
