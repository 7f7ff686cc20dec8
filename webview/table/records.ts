// Tables of things that are objects anyway: a column says how each of them reads.
import type { SortValue, TableColumn, TableModel, Tone } from './model';

export interface RecordColumn<T> extends TableColumn {
  text(record: T): string;
  /** What to sort by; the text when it is not said. */
  sort?(record: T): SortValue;
  tone?(record: T): Tone;
}

export function recordTable<T>(
  records: readonly T[],
  columns: readonly RecordColumn<T>[],
  open?: (record: T) => void,
): TableModel {
  // Rows outside of the table are asked for by nobody.
  const at = (row: number): T => records[row] as T;
  return {
    columns,
    rowCount: records.length,
    cell: (row, column) => columns[column]?.text(at(row)) ?? '',
    sortValue: (row, column) => columns[column]?.sort?.(at(row)) ?? columns[column]?.text(at(row)) ?? '',
    tone: (row, column) => columns[column]?.tone?.(at(row)) ?? '',
    ...(open ? { action: (row: number) => open(at(row)) } : {}),
  };
}
