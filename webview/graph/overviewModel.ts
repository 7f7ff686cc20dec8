// All modules of a target as rows of a table: cells, order and search, without an object per row.
import type { GraphOverview } from '../../src/protocol/view';
import { grouped } from '../text';

export interface OverviewColumn {
  readonly key: string;
  readonly title: string;
  readonly align?: 'end';
  readonly mono?: boolean;
  /** Least width, in characters. */
  readonly width: number;
  readonly grow?: number;
}

/** Shaped as the tables of the document are. */
export interface OverviewModel {
  readonly columns: readonly OverviewColumn[];
  readonly rowCount: number;
  cell(row: number, column: number): string;
  sortValue(row: number, column: number): number | string;
  tone(row: number, column: number): 'bad' | '';
  action(row: number): void;
}

export interface OverviewOrder {
  readonly key: string;
  readonly descending: boolean;
}

const NUMBERS = ['needs', 'users', 'exports', 'imports', 'broken'] as const;

const COLUMNS: readonly OverviewColumn[] = [
  { key: 'name', title: 'module', mono: true, width: 24, grow: 1 },
  { key: 'needs', title: 'needs', align: 'end', width: 8 },
  { key: 'users', title: 'needed by', align: 'end', width: 12 },
  { key: 'exports', title: 'exports', align: 'end', width: 10 },
  { key: 'imports', title: 'imports', align: 'end', width: 10 },
  { key: 'broken', title: 'broken', align: 'end', width: 9 },
];

/** `choose` is told the name of the row that was acted upon. */
export function overviewModel(overview: GraphOverview, choose: (name: string) => void): OverviewModel {
  const numberAt = (row: number, column: number): number => {
    const key = NUMBERS[column - 1];
    return key === undefined ? 0 : (overview[key][row] ?? 0);
  };
  const nameAt = (row: number): string => overview.names[row] ?? '';
  return {
    columns: COLUMNS,
    rowCount: overview.names.length,
    cell(row, column) {
      if (column === 0) return nameAt(row);
      const number = numberAt(row, column);
      return COLUMNS[column]?.key === 'broken' ? (number === 0 ? '' : `✗ ${grouped(number)}`) : grouped(number);
    },
    sortValue: (row, column) => (column === 0 ? nameAt(row) : numberAt(row, column)),
    tone: (row, column) => (COLUMNS[column]?.key === 'broken' && numberAt(row, column) > 0 ? 'bad' : ''),
    action: row => choose(nameAt(row)),
  };
}

/** Numbers of the rows whose name holds `filter`, in the order asked for; alike rows stay in the order of the names. */
export function overviewRows(model: OverviewModel, filter: string, order: OverviewOrder | null): Uint32Array {
  const needle = filter.trim().toLowerCase();
  const rows: number[] = [];
  for (let row = 0; row < model.rowCount; row++)
    if (needle === '' || model.cell(row, 0).toLowerCase().includes(needle)) rows.push(row);
  const column = model.columns.findIndex(({ key }) => key === order?.key);
  if (column >= 0) {
    const values = new Map(rows.map(row => [row, model.sortValue(row, column)]));
    const way = order?.descending === true ? -1 : 1;
    rows.sort((a, b) => way * compare(values.get(a) ?? 0, values.get(b) ?? 0));
  }
  return Uint32Array.from(rows);
}

const compare = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Names that hold a text, those that begin with it first, at most `limit`. */
export function matchingNames(names: readonly string[], text: string, limit: number): string[] {
  const needle = text.trim().toLowerCase().replaceAll('-', '_');
  if (needle === '') return [];
  // Files are named with either sign, modules with the one below.
  const places = names.map(name => name.toLowerCase().replaceAll('-', '_').indexOf(needle));
  const first = names.filter((_, i) => places[i] === 0);
  const others = names.filter((_, i) => (places[i] ?? -1) > 0);
  first.sort((a, b) => a.length - b.length || compare(a, b));
  return [...first, ...others].slice(0, limit);
}
