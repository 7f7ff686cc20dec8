// What changed from release to release, for doc/generations.md: made of the rows the loader decides by.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Row } from '../../src/linux/generationRow';
import { ROWS } from '../../src/linux/generations';
import { repositoryRoot } from '../kernel/lib/paths';

const BEGIN = '<!-- rows: made by npm run docs -->';
const END = '<!-- end of rows -->';

/** 5.10: recordings show what came after it. */
const FIRST_RECORDED = 5_010_000;

/** Who shows that it is so: recordings of today's kernels, answers of a booted 3.10.4 or 4.8.6, or sources alone. */
function verifiedBy(row: Row): string {
  if (place(row) > FIRST_RECORDED) return 'booted: 5.10 to 7.2';
  return row.judged ? 'booted: 3.10.4 and 4.8.6' : 'sources only';
}

const place = ({ since: [major, minor, third = 0] }: Row): number => (major * 1000 + minor) * 1000 + third;

/** doc/generations.md with its table made anew. */
export function generationsPage(): string {
  const page = readFileSync(path.join(repositoryRoot(), 'doc', 'generations.md'), 'utf8');
  const before = page.slice(0, page.indexOf(BEGIN) + BEGIN.length);
  return [before, '', ...table(), '', page.slice(page.indexOf(END))].join('\n');
}

function table(): string[] {
  const entries: (readonly [string, Row])[] = Object.entries(ROWS);
  // The oldest first.
  entries.sort(([, a], [, b]) => place(a) - place(b));
  const rows = entries.map(([name, row]) => [
    [row.since, ...(row.backported ?? [])].map(numbers => numbers.join('.')).join(', '),
    `\`${name}\``,
    row.commit.replaceAll(/[|_*<>]/g, String.raw`\$&`),
    row.probe ? 'the target, else its release' : 'the release',
    verifiedBy(row),
  ]);
  const all = [['since', 'row', 'source', 'decided by', 'verified'], ...rows];
  const widths = [0, 1, 2, 3, 4].map(column => Math.max(...all.map(row => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(all[0] ?? []), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)];
}
