// Rows as text for the clipboard, worked out in steps as orders are.
import { codeCell, markdownHead, markdownRow } from '../export/markdown';
import { fullTitle, type TableColumn, type TableModel } from './model';

export type CopyForm = 'tsv' | 'markdown';

/** Rows between two rests. */
const RESTS = 64;

/** The rows of these numbers in this order, under the titles of the columns unless `bare`. */
export function* copySteps(
  model: TableModel,
  rows: Uint32Array,
  form: CopyForm,
  bare = false,
): Generator<void, string> {
  const titles = model.columns.map(fullTitle);
  let text = bare ? '' : form === 'tsv' ? tsvRow(titles) : markdownHead(titles);
  for (const [i, row] of rows.entries()) {
    const cells = model.columns.map((_, column) => model.cell(row, column));
    text += form === 'tsv' ? tsvRow(cells) : markdownRow(cells.map((cell, i) => markdownCell(cell, model.columns[i])));
    if (i % RESTS === RESTS - 1) yield;
  }
  return text;
}

/** Names are code: much in them would else be taken for emphasis. */
function markdownCell(text: string, column: TableColumn | undefined): string {
  return column?.mono && column.align !== 'end' ? codeCell(text) : text;
}

/** Cells between tabs: what would end a cell or a line becomes a blank. */
function tsvRow(cells: readonly string[]): string {
  return `${cells.map(cell => cell.replace(/[\t\r\n]+/g, ' ')).join('\t')}\n`;
}
