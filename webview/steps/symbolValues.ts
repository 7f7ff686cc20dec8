// st_value of every symbol, before simplify_symbols() and after.
import { isRefusing } from '../../src/protocol/graph';
import type { StepsModel, StepSymbols } from '../../src/protocol/view';
import type { SortValue, TableModel } from '../table/model';
import { hex } from '../text';
import { t } from '../l10n';
import { tablesSearched } from './searchPath';

/** SHN_* that stand for no section (elf.h). */
const SPECIAL: Readonly<Record<number, string>> = { 0: 'UND', 0xfff1: 'ABS', 0xfff2: 'COMMON', 0xff20: 'LIVEPATCH' };

/** @param open is told the name of the undefined symbol whose row is opened */
export function symbolValueTable(
  symbols: StepSymbols,
  sectionNames: StepsModel['sectionNames'],
  open: (name: string) => void,
): TableModel {
  const { names, st_shndx, before, after, status, statuses, searches } = symbols;
  const counts = tablesSearched(searches);
  const searched = new Map(searches.symbols.map((name, i) => [name, counts[i] ?? 0]));
  const tables = (row: number): number => (st_shndx[row] === 0 ? (searched.get(names[row] ?? '') ?? 0) : 0);
  const section = (row: number): string => {
    const index = st_shndx[row] ?? 0;
    return SPECIAL[index] ?? sectionNames[index] ?? String(index);
  };
  const columns: readonly (TableModel['columns'][number] & {
    text(row: number): string;
    sort(row: number): SortValue;
  })[] = [
    { key: 'index', title: '#', width: 6, align: 'end', mono: true, text: String, sort: row => row },
    {
      ...{ key: 'name', title: t('Symbol'), width: 22, grow: 2, mono: true },
      text: row => names[row] ?? '',
      sort: row => names[row] ?? '',
    },
    { key: 'section', title: t('Section'), width: 14, grow: 1, mono: true, text: section, sort: section },
    {
      ...{ key: 'before', title: t('st_value before'), width: 18, align: 'end', mono: true },
      text: row => hex(before[row] ?? 0n),
      sort: row => before[row] ?? 0n,
    },
    {
      ...{ key: 'after', title: t('st_value after'), width: 18, align: 'end', mono: true },
      text: row => hex(after[row] ?? 0n),
      sort: row => after[row] ?? 0n,
    },
    {
      ...{ key: 'status', title: t('Resolved'), width: 14 },
      text: row => statuses[status[row] ?? 0] ?? '',
      sort: row => statuses[status[row] ?? 0] ?? '',
    },
    {
      ...{ key: 'tables', title: t('Tables searched'), width: 8, align: 'end', mono: true },
      text: row => (tables(row) === 0 ? '' : String(tables(row))),
      sort: tables,
    },
  ];
  return {
    columns,
    rowCount: names.length,
    cell: (row, column) => columns[column]?.text(row) ?? '',
    sortValue: (row, column) => columns[column]?.sort(row) ?? 0,
    action: row => {
      if (tables(row) > 0) open(names[row] ?? '');
    },
    tone: (row, column) =>
      columns[column]?.key !== 'status' || status[row] === 0
        ? ''
        : isRefusing(statuses[status[row] ?? 0] ?? '')
          ? 'bad'
          : 'good',
  };
}
