// st_value of every symbol, before simplify_symbols() and after.
import { isRefusing } from '../../src/protocol/graph';
import type { StepsModel, StepSymbols } from '../../src/protocol/view';
import type { SortValue, TableModel } from '../table/model';
import { hex } from '../text';
import { t } from '../l10n';

/** SHN_* that stand for no section (elf.h). */
const SPECIAL: Readonly<Record<number, string>> = { 0: 'UND', 0xfff1: 'ABS', 0xfff2: 'COMMON', 0xff20: 'LIVEPATCH' };

export function symbolValueTable(symbols: StepSymbols, sectionNames: StepsModel['sectionNames']): TableModel {
  const { names, st_shndx, before, after, status, statuses } = symbols;
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
  ];
  return {
    columns,
    rowCount: names.length,
    cell: (row, column) => columns[column]?.text(row) ?? '',
    sortValue: (row, column) => columns[column]?.sort(row) ?? 0,
    tone: (row, column) =>
      columns[column]?.key !== 'status' || status[row] === 0
        ? ''
        : isRefusing(statuses[status[row] ?? 0] ?? '')
          ? 'bad'
          : 'good',
  };
}
