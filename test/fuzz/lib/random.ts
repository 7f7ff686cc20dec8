// Numbers that look random and are the same for the same seed.

export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0 || 1;
  }

  /** 32 bits (Marsaglia's xorshift). */
  word(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (this.state = x >>> 0);
  }

  /** From 0 up to, not including, `limit`. */
  below(limit: number): number {
    return limit <= 1 ? 0 : this.word() % limit;
  }

  /** One of the elements, of which there must be some. */
  pick<T>(list: ArrayLike<T>): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new Error('nothing to choose from');
    return found;
  }

  /** True once in `n` times. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }
}
