// insmod-lens why: what changed in the types of a symbol between two kernels.
import { Option, type Command } from 'commander';
import type { WhyReport } from '../../report/why/types';
import { InputError } from '../node/files';
import { leaveWith } from './exitStatus';
import { out } from './output';
import { printable } from './printable';
import { writeJson } from './printResult';

interface WhyOptions {
  readonly kernel?: readonly string[];
  readonly modules?: readonly string[];
  readonly all?: boolean;
  readonly format: 'text' | 'json';
}

/** A module built for one of the kernels would be refused by the other, as with the other commands. */
const DIFFERS = 1;

/** Adds the command `why`. Errors are InputErrors for the caller. */
export function registerWhy(program: Command): void {
  program
    .command('why')
    .description('show why the checksum of a symbol differs between two kernels: what changed in its types')
    .argument('<symbol...>', 'names of exported symbols')
    .option('--kernel <path>', 'one of the two kernels, with its image at hand for BTF; give it twice', collect)
    .option(
      '--modules <path>',
      'where the modules of the kernel are, when it does not lead to them; repeatable, in the order of the kernels',
      collect,
    )
    .option('--all', 'list all differences that were found, not only those of the nearest types')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(why);
}

const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

async function why(symbols: readonly string[], options: WhyOptions): Promise<void> {
  const [first, second, ...more] = options.kernel ?? [];
  if (first === undefined || second === undefined || more.length > 0)
    throw new InputError('why', 'give --kernel twice: the kernel before and the kernel after');
  const { WhyKernel, whySymbol } = await import('../node/whyKernel');
  const { whyLines } = await import('../../report/why/words');
  const open = (path: string, modules: string | undefined) =>
    WhyKernel.open(modules === undefined ? { path } : { path, modules });
  const before = await open(first, options.modules?.[0]);
  const after = await open(second, options.modules?.[1]);
  const reports: WhyReport[] = [];
  for (const symbol of symbols) reports.push(await whySymbol(symbol, before, after));
  if (options.format === 'json') writeJson({ schema: 1, symbols: reports.map(toJson) });
  else out(reports.map(report => textOf(whyLines(report, options.all === true))).join('\n'));
  if (reports.some(({ answer }) => answer !== 'same' && answer !== 'no-versions')) leaveWith(DIFFERS);
}

const textOf = (lines: readonly string[]): string => lines.map(line => printable(line) + '\n').join('');

/** One form for both kinds of answers. */
function toJson({ symbol, kernels, answer }: WhyReport): object {
  return typeof answer === 'string'
    ? { symbol, kernels, answer, changed: [], more: false }
    : { symbol, kernels, answer: answer.changed.length > 0 ? 'explained' : 'nothing-in-btf', ...answer };
}
