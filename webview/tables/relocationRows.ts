// The relocations of a module, straight from the columns of its walk: there may be hundreds of thousands.
import type { StepRelocations, StepsModel } from '../../src/protocol/view';
import type { SortValue, TableColumn, TableModel } from '../table/model';
import { hex } from '../text';

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
  const { target, offset, type, typeNames, typeWidths, symbol, symbolNames, addend, before, after } = relocations;
  const section = (row: number): string => sectionNames[target[row] ?? 0] ?? '';
  const digits = (row: number): number => 2 * (typeWidths[type[row] ?? 0] ?? 0);
  const named = (key: string, title: string, width: number, grow: number, text: Column['text']): Column => ({
    ...{ key, title, width, grow, mono: true, text, sort: text },
  });
  const numbered = (key: string, title: string, width: number, text: Column['text'], sort: Column['sort']): Column => ({
    ...{ key, title, width, align: 'end', mono: true, text, sort },
  });
  const columns: Column[] = [
    numbered('index', '#', 8, String, row => row),
    named('section', 'Section', 18, 1, section),
    numbered(
      'offset',
      'Offset',
      10,
      row => hex(offset[row] ?? 0),
      row => offset[row] ?? 0,
    ),
    named('type', 'Type', 20, 0, row => typeNames[type[row] ?? 0] ?? ''),
    named('symbol', 'Symbol', 26, 2, row => symbolNames[symbol[row] ?? 0] ?? ''),
    numbered(
      'addend',
      'Addend',
      12,
      row => signedHex(addend[row] ?? 0),
      row => addend[row] ?? 0,
    ),
    numbered(
      'before',
      'Value before',
      19,
      row => hex(before[row] ?? 0n, digits(row)),
      row => before[row] ?? 0n,
    ),
    numbered(
      'after',
      'Value after',
      19,
      row => hex(after[row] ?? 0n, digits(row)),
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

function signedHex(value: number): string {
  return value < 0 ? `-${hex(-value)}` : hex(value);
}
