// insmod-lens target: what is known of a kernel, and from where.
import { Option, type Command } from 'commander';
import { openTarget } from '../../index';
import { reportTarget, type TargetReport } from '../../report/target';
import { cacheDirectory } from '../node/cacheFiles';
import { InputError } from '../node/files';
import { namedKernels, removeNamed } from '../node/named/namedKernel';
import { addMirrorOption } from './namedKernels';
import { out } from './output';
import { printable } from './printable';
import { printObjects, writeJson } from './printResult';

interface TargetCommandOptions {
  readonly modules?: string;
  readonly list?: boolean;
  readonly all?: boolean;
  readonly remove?: readonly string[];
  readonly format: 'text' | 'json';
}

/** Adds the command `target`. Errors are InputErrors for the caller. */
export function registerTarget(program: Command): void {
  addMirrorOption(
    program
      .command('target')
      .description(
        'show what is known of a kernel, where each fact comes from, and what only its release number decides',
      ),
  )
    .argument(
      '[path...]',
      'what --kernel takes: headers, a modules directory, a kernel image, a package, a name, a snapshot',
    )
    .option('--all', 'name every difference between generations, not only how many there are')
    .option('--list', 'list the kernels by name (debian:12) that were fetched')
    .option('--remove <name>', 'forget a kernel that was fetched; repeatable', (name, names: string[] = []) => [
      ...names,
      name,
    ])
    .option('--modules <path>', "directory of the kernel's own modules, when the target does not lead to it")
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(target);
}

async function target(paths: readonly string[], options: TargetCommandOptions): Promise<void> {
  const { modules, format, list, remove, all = false } = options;
  if (remove !== undefined) remove.forEach(forget);
  if (list === true) listNamed(format);
  if (remove !== undefined || list === true) return;
  if (paths.length === 0) throw new InputError('target', 'which kernel? (a path or a name is wanted, or --list)');
  const reports: TargetReport[] = [];
  for (const path of paths)
    reports.push(reportTarget(path, await openTarget(path, modules === undefined ? {} : { modules })));
  if (format === 'json') printObjects(reports);
  else out(reports.map(report => textOf(report, all)).join('\n'));
}

function listNamed(format: 'text' | 'json'): void {
  const directory = cacheDirectory();
  const known = directory === null ? [] : namedKernels(directory);
  const shown = known.map(({ name, release, version, mirror, asked }) => {
    return { name, release, version, mirror, asked: new Date(asked).toISOString() };
  });
  if (format === 'json') writeJson(shown);
  else
    for (const { name, release, version, mirror } of shown)
      out(printable(`${name}: ${release} (${version}, ${mirror})`) + '\n');
}

function forget(name: string): void {
  const directory = cacheDirectory();
  if (directory === null || !removeNamed(directory, name))
    throw new InputError(name, 'was not fetched (insmod-lens target --list shows what was)');
}

/** Columns of a terminal that lists of names are folded at. */
const WIDTH = 100;

function textOf({ target: path, release, arch, facts, generation }: TargetReport, all: boolean): string {
  const asked = generation.filter(({ by }) => by === 'probe');
  const guessed = generation.filter(({ by }) => by === 'release');
  const lines = [
    `${path}: ${release} (${arch})`,
    ...facts.map(({ name, value, source }) => {
      const from = source === null ? '' : `  [${source}]`;
      return `  ${name.padEnd(NAME_WIDTH)}${value ?? 'not known'}${from}`;
    }),
    `  differences between generations: ${asked.length} that the target itself decides${all ? ':' : ', and'}`,
    ...(all ? folded(asked.map(marked)) : []),
    `  ${guessed.length} that only its release number decides${all ? ':' : ' (--all names them)'}`,
    ...(all ? folded(guessed.map(marked)) : []),
  ];
  return lines.map(line => printable(line) + '\n').join('');
}

const NAME_WIDTH = 14;

const marked = ({ name, has }: TargetReport['generation'][number]): string => `${has ? '+' : '-'}${name}`;

function folded(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`    ${word}`);
  }
  return lines;
}
