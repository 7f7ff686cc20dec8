// Work that is asked for more often than it has to be done.

/** Runs `work` one at a time, and, where it can wait, not more often than every `pause` milliseconds. */
export class Repeater {
  private running = false;
  private wanted: 'now' | 'later' | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private endedAt = -Infinity;

  /** @param work does not reject */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly pause: number,
  ) {}

  /** As soon as what runs has ended. */
  now(): void {
    this.wanted = 'now';
    this.go();
  }

  /** When the pause is over. */
  later(): void {
    this.wanted ??= 'later';
    this.go();
  }

  /** Forgets what was asked for. */
  stop(): void {
    this.wanted = null;
    clearTimeout(this.timer);
  }

  private go(): void {
    if (this.running || this.wanted === null) return;
    clearTimeout(this.timer);
    const rest = this.wanted === 'now' ? 0 : this.endedAt + this.pause - performance.now();
    if (rest > 0) this.timer = setTimeout(() => this.go(), rest);
    else void this.run();
  }

  private async run(): Promise<void> {
    this.wanted = null;
    this.running = true;
    await this.work();
    this.running = false;
    this.endedAt = performance.now();
    this.go();
  }
}
