// All modules of a target as rows of a table, and the search among their names.
import type { GraphOverview } from '../../src/protocol/view';
import type { TableModel } from '../table/model';
import { grouped } from '../text';
import { t } from '../l10n';

const NUMBERS = ['needs', 'users', 'exports', 'imports', 'broken'] as const;

const COLUMNS: TableModel['columns'] = [
  { key: 'name', title: t('Module'), mono: true, width: 24, grow: 1 },
  { key: 'needs', title: t('Needs'), align: 'end', width: 8 },
  { key: 'users', title: t('Needed by'), align: 'end', width: 12 },
  { key: 'exports', title: t('Exports'), align: 'end', width: 10 },
  { key: 'imports', title: t('Imports'), align: 'end', width: 10 },
  { key: 'broken', title: t('Broken'), align: 'end', width: 9 },
];

/** `choose` is told the name of the row that was acted upon. */
export function overviewModel(overview: GraphOverview, choose: (name: string) => void): TableModel {
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
    // Numbers of edges tell nobody which module it is.
    matcher: needle => row => nameAt(row).toLowerCase().includes(needle),
    action: row => choose(nameAt(row)),
  };
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
