// Where keys lead in a grid, as https://www.w3.org/WAI/ARIA/apg/patterns/grid/ has it.

/** A cell: `row` counts in what is shown, and {@link HEAD} is the row of titles. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

export const HEAD = -1;

export interface Extent {
  readonly rows: number;
  readonly columns: number;
  /** Rows that are seen at a time. */
  readonly page: number;
}

/** Null for a key that leads nowhere, whatever the place. */
export function placeAfter({ row, column }: Place, key: string, ctrl: boolean, extent: Extent): Place | null {
  const last = extent.rows - 1;
  const right = extent.columns - 1;
  // Without rows there are only titles.
  const rowAt = (wanted: number): number => Math.min(Math.max(wanted, 0), last);
  switch (key) {
    case 'ArrowUp':
      return { row: Math.max(row - 1, HEAD), column };
    case 'ArrowDown':
      return { row: rowAt(row + 1), column };
    case 'ArrowLeft':
      return { row, column: Math.max(column - 1, 0) };
    case 'ArrowRight':
      return { row, column: Math.min(column + 1, right) };
    case 'PageUp':
      return { row: rowAt(row - extent.page), column };
    case 'PageDown':
      return { row: rowAt(row + extent.page), column };
    case 'Home':
      return { row: ctrl ? rowAt(0) : row, column: 0 };
    case 'End':
      return { row: ctrl ? last : row, column: right };
    default:
      return null;
  }
}
