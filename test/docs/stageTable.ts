// The stages of loading on the recorded kernels, for doc/loading.md.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { System } from '../../src/index';
import { purposeOf } from '../../src/linux/trace/purposes';
import { repositoryRoot } from '../kernel/lib/paths';
import { factsOf, fixture, GENERATIONS, moduleFile } from '../support/recorded';

const BEGIN = '<!-- stages: made by npm run docs -->';
const END = '<!-- end of stages -->';

/** doc/loading.md with its table made anew. */
export function loadingPage(): string {
  const page = readFileSync(path.join(repositoryRoot(), 'doc', 'loading.md'), 'utf8');
  const before = page.slice(0, page.indexOf(BEGIN) + BEGIN.length);
  return [before, '', ...stageTable(), '', page.slice(page.indexOf(END))].join('\n');
}

/** Every stage that one of the kernels has, in their order, and which of them have it. */
function stageTable(): string[] {
  const order: string[] = [];
  const kernels = new Map<string, string[]>();
  for (const generation of GENERATIONS) {
    const { stages } = new System(factsOf(generation)).insmod(moduleFile(fixture(generation, 'paramkinds')));
    let last = -1;
    for (const { name } of stages) {
      const having = kernels.get(name) ?? [];
      having.push(generation);
      kernels.set(name, having);
      if (order.includes(name)) last = order.indexOf(name);
      else order.splice(++last, 0, name);
    }
  }
  const rows = order.map(name => {
    const where = kernels.get(name) ?? [];
    return [`\`${name}\``, where.length === GENERATIONS.length ? 'all' : where.join(', '), purposeOf(name)];
  });
  const table = [['stage', 'kernels', 'what for'], ...rows];
  const widths = [0, 1, 2].map(column => Math.max(...table.map(row => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(table[0] ?? []), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)];
}
