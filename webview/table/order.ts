// Which rows of a table are shown, and in which order. Each is worked out in steps: a generator rests where it may.
import type { SortValue, TableModel } from './model';

/** Rows between two rests: a few tenths of a millisecond. */
const RESTS = 256;

/** 1 for each row in whose texts `filter` occurs, whatever the case; null when there is nothing to look for. */
export function* filterSteps(model: TableModel, filter: string): Generator<void, Uint8Array | null> {
  const needle = filter.trim().toLowerCase();
  if (needle === '') return null;
  const matches = model.matcher?.(needle) ?? plainMatcher(model, needle);
  const found = new Uint8Array(model.rowCount);
  for (let row = 0; row < found.length; row++) {
    if (matches(row)) found[row] = 1;
    if (row % RESTS === RESTS - 1) yield;
  }
  return found;
}

function plainMatcher(model: TableModel, needle: string): (row: number) => boolean {
  return row => {
    for (let column = 0; column < model.columns.length; column++)
      if (model.cell(row, column).toLowerCase().includes(needle)) return true;
    return false;
  };
}

/**
 * Numbers of all rows by a column: rows that are alike stay in the order they are in. A merge sort, since that of arrays
 * cannot rest.
 */
export function* sortSteps(model: TableModel, column: number, descending: boolean): Generator<void, Uint32Array> {
  const count = model.rowCount;
  const keys = new Array<SortValue>(count);
  let from = new Uint32Array(count);
  for (let row = 0; row < count; row++) {
    keys[row] = model.sortValue(row, column);
    from[row] = row;
    if (row % RESTS === RESTS - 1) yield;
  }
  let to = new Uint32Array(count);
  for (let width = 1; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(start + width, count);
      const end = Math.min(middle + width, count);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        const takeRight =
          left >= middle || (right < end && comesBefore(keys[from[right] ?? 0], keys[from[left] ?? 0], descending));
        to[at] = from[takeRight ? right++ : left++] ?? 0;
        if (at % RESTS === RESTS - 1) yield;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

function comesBefore(a: SortValue | undefined, b: SortValue | undefined, descending: boolean): boolean {
  // Of one kind within a column, which the type cannot say.
  return descending ? (a as number) > (b as number) : (a as number) < (b as number);
}

/** Rows as they are shown: those of `found`, in the order of `order`; null for all, and for their own order. */
export function* shownSteps(
  count: number,
  order: Uint32Array | null,
  found: Uint8Array | null,
): Generator<void, Uint32Array> {
  const rows = new Uint32Array(count);
  let shown = 0;
  for (let i = 0; i < count; i++) {
    const row = order?.[i] ?? i;
    if (!found || found[row] === 1) rows[shown++] = row;
    if (i % RESTS === RESTS - 1) yield;
  }
  return rows.subarray(0, shown);
}
