// Rows as text for the clipboard, worked out in steps as orders are.
import { markdownHead, markdownRow } from '../export/markdown';
import { fullTitle, type TableModel } from './model';

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
  const line = form === 'tsv' ? tsvRow : markdownRow;
  const titles = model.columns.map(fullTitle);
  let text = bare ? '' : form === 'tsv' ? tsvRow(titles) : markdownHead(titles);
  for (const [i, row] of rows.entries()) {
    text += line(model.columns.map((_, column) => model.cell(row, column)));
    if (i % RESTS === RESTS - 1) yield;
  }
  return text;
}

/** Cells between tabs: what would end a cell or a line becomes a blank. */
function tsvRow(cells: readonly string[]): string {
  return `${cells.map(cell => cell.replace(/[\t\r\n]+/g, ' ')).join('\t')}\n`;
}
