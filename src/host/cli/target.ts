// insmod-lens target: what is known of a kernel, and from where.
import { Option, type Command } from 'commander';
import { openTarget } from '../../index';
import { reportTarget, type TargetReport } from '../../report/target';
import { out } from './output';
import { printable } from './printable';
import { printObjects } from './printResult';

interface TargetCommandOptions {
  readonly modules?: string;
  readonly format: 'text' | 'json';
}

/** Adds the command `target`. Errors are InputErrors for the caller. */
export function registerTarget(program: Command): void {
  program
    .command('target')
    .description('show what is known of a kernel, where each fact comes from, and what only its release number decides')
    .argument('<path...>', 'what --kernel takes: headers, a modules directory, a kernel image, a snapshot')
    .option('--modules <path>', "directory of the kernel's own modules, when the target does not lead to it")
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(target);
}

async function target(paths: readonly string[], { modules, format }: TargetCommandOptions): Promise<void> {
  const reports: TargetReport[] = [];
  for (const path of paths)
    reports.push(reportTarget(path, await openTarget(path, modules === undefined ? {} : { modules })));
  if (format === 'json') printObjects(reports);
  else out(reports.map(textOf).join('\n'));
}

/** Columns of a terminal that lists of names are folded at. */
const WIDTH = 100;

function textOf({ target: path, release, arch, facts, generation }: TargetReport): string {
  const asked = generation.filter(({ by }) => by === 'probe');
  const guessed = generation.filter(({ by }) => by === 'release');
  const lines = [
    `${path}: ${release} (${arch})`,
    ...facts.map(({ name, value, source }) => {
      const from = source === null ? '' : `  [${source}]`;
      return `  ${name.padEnd(NAME_WIDTH)}${value ?? 'not known'}${from}`;
    }),
    `  ${asked.length} differences between generations that the target itself decides:`,
    ...folded(asked.map(({ name, has }) => `${has ? '+' : '-'}${name}`)),
    `  ${guessed.length} that only its release number decides:`,
    ...folded(guessed.map(({ name, has }) => `${has ? '+' : '-'}${name}`)),
  ];
  return lines.map(line => printable(line) + '\n').join('');
}

const NAME_WIDTH = 14;

function folded(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`    ${word}`);
  }
  return lines;
}
