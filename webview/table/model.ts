// What a table shows: columns, and rows by their number, so that no object per row is made.

export interface TableColumn {
  /** Under which the order is kept: the same from one build of the module to the next. */
  readonly key: string;
  readonly title: string;
  /** Heading over several columns that stand together. */
  readonly group?: string;
  readonly align?: 'end';
  readonly mono?: boolean;
  /** Least width, in characters of the editor's font. */
  readonly width: number;
  /** Share of the room that is left; none when it is not said. */
  readonly grow?: number;
}

/** Of one kind within a column. */
export type SortValue = number | bigint | string;

/** What a cell says beyond its text, where colour helps. */
export type Tone = 'good' | 'bad' | '';

export interface TableModel {
  readonly columns: readonly TableColumn[];
  readonly rowCount: number;
  cell(row: number, column: number): string;
  sortValue(row: number, column: number): SortValue;
  tone?(row: number, column: number): Tone;
  /** What Enter and a double click do. */
  action?(row: number): void;
  /**
   * A quicker way to tell whether any text of a row has `needle` in it, whatever the case; models of many rows have one.
   *
   * @param needle in small letters
   */
  matcher?(needle: string): (row: number) => boolean;
}

export interface TableOrder {
  /** Key of the column. */
  readonly key: string;
  readonly descending: boolean;
}

/** The title with that of its group, for where groups are not drawn. */
export function fullTitle({ group, title }: TableColumn): string {
  return group === undefined ? title : `${group} ${title}`;
}
