// Who is newest: of several runs for one key only the last one begun may publish.
export class Turns {
  private readonly latest = new Map<string, number>();
  private last = 0;

  /** Begins a run; those begun earlier for the key are outdated. */
  next(key: string): number {
    this.latest.set(key, ++this.last);
    return this.last;
  }

  isLatest(key: string, turn: number): boolean {
    return this.latest.get(key) === turn;
  }

  /** Outdates every run of the key. */
  forget(key: string): void {
    this.latest.delete(key);
  }
}
