// Waiting until a key has been quiet for a while before acting on it.

/** Calls `act` once per key, `milliseconds` after the last `touch` of it, however often it was touched. */
export class Debounce {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly milliseconds: number,
    private readonly act: (key: string) => void,
  ) {}

  /** @param milliseconds another time to wait, from now */
  touch(key: string, milliseconds = this.milliseconds): void {
    clearTimeout(this.timers.get(key));
    const fire = (): void => {
      this.timers.delete(key);
      this.act(key);
    };
    this.timers.set(key, setTimeout(fire, milliseconds));
  }

  cancel(key: string): void {
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
