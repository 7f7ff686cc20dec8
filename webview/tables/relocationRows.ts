// The relocations of a module, straight from the columns of its walk: there may be hundreds of thousands.
import type { StepRelocations, StepsModel } from '../../src/protocol/view';
import type { SortValue, TableColumn, TableModel } from '../table/model';
import { hex } from '../text';
import { t } from '../l10n';

interface Column extends TableColumn {
  text(row: number): string;
  sort(row: number): SortValue;
}

/** @param open is told the number of the relocation whose row is opened */
export function relocationTable(
  relocations: StepRelocations,
  sectionNames: StepsModel['sectionNames'],
  open: (index: number) => void,
): TableModel {
  const { target, offset, type, typeNames, typeWidths, symbol, symbolNames, addend, tried, before, after } =
    relocations;
  const digits = (row: number): number => 2 * (typeWidths[type[row] ?? 0] ?? 0);
  const named = (
    parts: Pick<Column, 'key' | 'title' | 'width' | 'grow'>,
    names: readonly string[],
    numbers: ArrayLike<number>,
  ): Column => {
    const text = (row: number): string => names[numbers[row] ?? 0] ?? '';
    let ranks: Uint32Array | null = null;
    return { ...parts, mono: true, text, sort: row => (ranks ??= ranksOf(names))[numbers[row] ?? 0] ?? 0 };
  };
  const numbered = (key: string, title: string, width: number, text: Column['text'], sort: Column['sort']): Column => ({
    ...{ key, title, width, align: 'end', mono: true, text, sort },
  });
  const columns: Column[] = [
    numbered('index', '#', 7, String, row => row),
    named({ key: 'section', title: t('Section'), width: 14, grow: 1 }, sectionNames, target),
    numbered(
      'offset',
      t('Offset'),
      9,
      row => hex(offset[row] ?? 0),
      row => offset[row] ?? 0,
    ),
    named({ key: 'type', title: t('Type'), width: 18 }, typeNames, type),
    named({ key: 'symbol', title: t('Symbol'), width: 20, grow: 2 }, symbolNames, symbol),
    numbered(
      'addend',
      t('Addend'),
      8,
      row => signedHex(addend[row] ?? 0),
      row => addend[row] ?? 0,
    ),
    numbered(
      'before',
      t('Value before'),
      18,
      row => (row < tried ? hex(before[row] ?? 0n, digits(row)) : ''),
      row => before[row] ?? 0n,
    ),
    numbered(
      'after',
      t('Value after'),
      18,
      row => (row < tried ? hex(after[row] ?? 0n, digits(row)) : ''),
      row => after[row] ?? 0n,
    ),
  ];
  return {
    columns,
    rowCount: target.length,
    cell: (row, column) => columns[column]?.text(row) ?? '',
    sortValue: (row, column) => columns[column]?.sort(row) ?? 0,
    matcher: needle => matcher(relocations, sectionNames, columns, needle),
    action: open,
  };
}

/** What the texts of numbers consist of. */
const NUMBER = /^[0-9a-fx-]*$/;

/** Names are looked at once, not once for each row that has them; numbers only for what could be in one. */
function matcher(
  { target, type, typeNames, symbol, symbolNames }: StepRelocations,
  sectionNames: readonly string[],
  columns: readonly Column[],
  needle: string,
): (row: number) => boolean {
  const holding = (names: readonly string[]): boolean[] => names.map(name => name.toLowerCase().includes(needle));
  const [sections, types, symbols] = [holding(sectionNames), holding(typeNames), holding(symbolNames)];
  const numbers = NUMBER.test(needle) ? columns.filter(({ align }) => align === 'end') : [];
  return row =>
    sections[target[row] ?? 0] === true ||
    types[type[row] ?? 0] === true ||
    symbols[symbol[row] ?? 0] === true ||
    numbers.some(({ text }) => text(row).includes(needle));
}

/** Which place each name has among all: as good to sort by as the names, and quicker. */
function ranksOf(names: readonly string[]): Uint32Array {
  const rank = new Map([...new Set(names)].sort().map((name, i) => [name, i]));
  return Uint32Array.from(names, name => rank.get(name) ?? 0);
}

function signedHex(value: number): string {
  return value < 0 ? `-${hex(-value)}` : hex(value);
}
