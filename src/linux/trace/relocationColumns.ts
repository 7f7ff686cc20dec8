// Columns that grow: a large module has hundreds of thousands of relocations, and none of them becomes an object.
import type { RelocationTrace } from './types';

const FIRST = 1024;

export class RelocationColumns {
  count = 0;
  private section = new Uint32Array(FIRST);
  private entry = new Uint32Array(FIRST);
  /** Low and high halves side by side. */
  private before = new Uint32Array(2 * FIRST);
  private after = new Uint32Array(2 * FIRST);

  push(
    section: number,
    entry: number,
    beforeLow: number,
    beforeHigh: number,
    afterLow: number,
    afterHigh: number,
  ): void {
    const at = this.count++;
    if (at === this.section.length) this.grow();
    this.section[at] = section;
    this.entry[at] = entry;
    this.before[2 * at] = beforeLow;
    this.before[2 * at + 1] = beforeHigh;
    this.after[2 * at] = afterLow;
    this.after[2 * at + 1] = afterHigh;
  }

  trace(): RelocationTrace {
    const { count } = this;
    return {
      count,
      section: this.section.slice(0, count),
      entry: this.entry.slice(0, count),
      before: wide(this.before, count),
      after: wide(this.after, count),
    };
  }

  private grow(): void {
    this.section = doubled(this.section);
    this.entry = doubled(this.entry);
    this.before = doubled(this.before);
    this.after = doubled(this.after);
  }
}

function doubled(column: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * column.length);
  larger.set(column);
  return larger;
}

function wide(halves: Uint32Array, count: number): BigUint64Array {
  const values = new BigUint64Array(count);
  for (let i = 0; i < count; i++) values[i] = (BigInt(halves[2 * i + 1] ?? 0) << 32n) | BigInt(halves[2 * i] ?? 0);
  return values;
}
