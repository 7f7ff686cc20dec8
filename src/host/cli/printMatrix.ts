// The matrix on a terminal and as Markdown.
import pc from 'picocolors';
import type { Matrix, MatrixCell, MatrixRow } from '../../report/matrix/types';
import { cellText, reasonLines } from '../../report/matrix/words';
import { kernelNames } from './kernelNames';
import { out } from './output';
import { printable } from './printable';
import { colour } from './printResult';

/** A row for each module and a column for each kernel, or the other way around where that is narrower; then the reasons. */
export function printMatrix(matrix: Matrix): void {
  const [head, ...rows] = tableOf(matrix, process.stdout.isTTY ? process.stdout.columns : Infinity);
  if (!head) return;
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map(row => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  out(`${colour(pc.bold, line(head))}\n`);
  for (const row of rows) out(`${paint(line(row))}\n`);
  for (const { where, lines } of reasonsOf(matrix))
    out(`\n${colour(pc.bold, printable(where))}\n${lines.map(reason => `  ${printable(reason)}\n`).join('')}`);
}

/** Marks in their color: the words stay plain. */
const paint = (line: string): string =>
  line
    .replace(/✓/g, mark => colour(pc.green, mark))
    .replace(/✗/g, mark => colour(pc.red, mark))
    .replace(/\?(?= unchecked)/g, mark => colour(pc.yellow, mark));

type Table = readonly (readonly string[])[];

function tableOf({ kernels, modules }: Matrix, columns: number): Table {
  const rows = [
    ['', ...kernelNames(kernels).map(printable)],
    ...modules.map(({ path, cells }) => [printable(path), ...cells.map(cellText)]),
  ];
  const turned = (rows[0] ?? []).map((_, i) => rows.map(row => row[i] ?? ''));
  return widthOf(rows) <= columns || widthOf(rows) <= widthOf(turned) ? rows : turned;
}

const widthOf = (table: Table): number =>
  (table[0] ?? []).reduce((sum, _, column) => sum + 2 + Math.max(...table.map(row => row[column]?.length ?? 0)), -2);

function reasonsOf(matrix: Matrix): { where: string; lines: readonly string[] }[] {
  const names = kernelNames(matrix.kernels);
  const reason = (row: MatrixRow, cell: MatrixCell, i: number): { where: string; lines: readonly string[] } => ({
    where: `${row.path} on ${names[i] ?? ''}`,
    lines: reasonLines(cell),
  });
  return matrix.modules
    .flatMap(row => row.cells.map((cell, i) => reason(row, cell, i)))
    .filter(({ lines }) => lines.length > 0);
}

/** For a page, a comment of a merge request or the summary of a job. */
export function printMarkdown(matrix: Matrix): void {
  const row = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |\n`;
  out(row(['module', ...kernelNames(matrix.kernels)]));
  out(row(['', ...matrix.kernels.map(() => '')].map(() => '---')));
  for (const { path, cells } of matrix.modules) out(row([path, ...cells.map(cellText)]));
  for (const { where, lines } of reasonsOf(matrix))
    out(`\n- ${escaped(where)}\n${lines.map(reason => `  - ${escaped(reason)}\n`).join('')}`);
}

const escaped = (text: string): string => printable(text).replace(/[\\|*_`~<>[\]]/g, '\\$&');
