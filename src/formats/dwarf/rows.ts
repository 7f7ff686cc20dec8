// Rows of line tables in typed arrays: sequences sorted by place, each searched by halves.
import type { Place } from '../elf/relocations';

/** Where a line program puts its rows. */
export interface RowSink {
  /** No more rows are taken: a program need not run on. */
  readonly isFull: boolean;
  row(place: Place, file: number, line: number, column: number): void;
  /** The sequence of rows before ends here; the place is the first behind it. */
  end(place: Place): void;
}

interface Sequence {
  readonly start: Place;
  readonly end: Place;
  readonly firstRow: number;
  readonly rows: number;
  /** Index of the program the rows came from. */
  readonly program: number;
}

export interface FoundRow {
  readonly program: number;
  readonly file: number;
  readonly line: number;
  readonly column: number;
}

/**
 * Rows that are kept, of 20 bytes each. The largest modules have a million; a program of one byte a row, unpacked from next
 * to nothing, would fill all memory.
 */
export const MOST_ROWS = 1 << 22;

/** Collects the rows of every program of a file, then answers for places. */
export class Rows implements RowSink {
  /** Index of the program that runs now. */
  program = 0;
  private places = new Float64Array(1024);
  /** file, line and column of each row */
  private values = new Uint32Array(3 * 1024);
  private count = 0;
  private begun = 0;
  private readonly sequences: Sequence[] = [];
  private sorted = true;

  get isFull(): boolean {
    return this.count >= MOST_ROWS;
  }

  row(place: Place, file: number, line: number, column: number): void {
    if (this.isFull) return;
    if (this.count === this.places.length) this.grow();
    const at = this.count++;
    this.places[at] = place;
    this.values[3 * at] = file;
    this.values[3 * at + 1] = line;
    this.values[3 * at + 2] = column;
  }

  end(place: Place): void {
    const start = this.places[this.begun] ?? 0;
    // An empty sequence is what remains of a function that the linker dropped.
    if (this.count > this.begun && place > start) {
      const sequence = {
        start,
        end: place,
        firstRow: this.begun,
        rows: this.count - this.begun,
        program: this.program,
      };
      this.sequences.push(sequence);
      this.sorted = false;
    } else {
      this.count = this.begun;
    }
    this.begun = this.count;
  }

  /** The row whose instruction covers a place; null when no sequence does. */
  find(place: Place): FoundRow | null {
    if (!this.sorted) {
      this.sequences.sort((a, b) => a.start - b.start);
      this.sorted = true;
    }
    const sequence = this.sequences[lastUpTo(this.sequences.length, i => (this.sequences[i]?.start ?? 0) <= place)];
    if (!sequence || place >= sequence.end) return null;
    // Of rows at one place the last counts: those before describe nothing.
    const row = sequence.firstRow + lastUpTo(sequence.rows, i => (this.places[sequence.firstRow + i] ?? 0) <= place);
    const [file = 0, line = 0, column = 0] = this.values.subarray(3 * row, 3 * row + 3);
    return { program: sequence.program, file, line, column };
  }

  private grow(): void {
    const places = new Float64Array(2 * this.places.length);
    places.set(this.places);
    this.places = places;
    const values = new Uint32Array(2 * this.values.length);
    values.set(this.values);
    this.values = values;
  }
}

/** The largest index below `count` that still fits; -1 when not even the first does. */
function lastUpTo(count: number, fits: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
