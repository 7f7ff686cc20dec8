// insmod-lens initcalls: what a kernel calls when it starts, in its order.
import { Option, type Command } from 'commander';
import type { Initcall } from '../../target/image/initcalls';
import { InputError } from '../../target/files';
import { out } from './output';
import { printable } from './printable';
import { writeJson } from './printResult';

interface InitcallsOptions {
  readonly format: 'text' | 'json';
}

/** An initcall with its place among all of them, from 1. */
interface Numbered extends Initcall {
  readonly number: number;
}

/** Adds the command `initcalls`. Errors are InputErrors for the caller. */
export function registerInitcalls(program: Command): void {
  program
    .command('initcalls')
    .description('list the functions that a kernel calls when it starts, in their order, with level and module')
    .argument('<image>', "a kernel's image, packed or not")
    .argument('[name...]', 'only these functions, or those of these modules')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(initcalls);
}

async function initcalls(image: string, names: readonly string[], { format }: InitcallsOptions): Promise<void> {
  const { openInitcalls } = await import('../node/initcalls');
  const { release, all } = await openInitcalls(image);
  const numbered = all.map((initcall, i): Numbered => ({ number: i + 1, ...initcall }));
  const chosen = names.length === 0 ? numbered : numbered.filter(initcall => isNamed(initcall, names));
  const missing = names.find(name => !numbered.some(initcall => isNamed(initcall, [name])));
  if (missing !== undefined) throw new InputError(image, `${release} calls no ${missing} when it starts`);
  if (format === 'json') {
    writeJson({ schema: 1, kernel: release, count: all.length, initcalls: chosen });
    return;
  }
  if (names.length === 0) out(`${printable(release)}: ${all.length} initcalls\n`);
  out(chosen.map(initcall => `${lineOf(initcall, all.length, names.length > 0)}\n`).join(''));
}

/** kbuild writes `_` for the `-` in the name of a module. */
const isNamed = (initcall: Initcall, names: readonly string[]): boolean =>
  names.some(name => name === initcall.function || name.replaceAll('-', '_') === initcall.module);

function lineOf({ number, level, sync, module, function: name }: Numbered, count: number, isAsked: boolean): string {
  const digit = DIGITS.indexOf(level);
  const about = `${digit < 0 ? level : `${digit} (${level})`}${sync ? ', sync' : ''}`;
  const of = module === null ? '' : ` (${module})`;
  return printable(
    isAsked
      ? `${name}${of}: ${number} of ${count}, level ${about}`
      : `${String(number).padStart(String(count).length)}  ${about.padEnd(WIDEST)}  ${name}${of}`,
  );
}

const WIDEST = '2 (postcore), sync'.length;
/** Levels that have a number. */
const DIGITS: readonly string[] = ['pure', 'core', 'postcore', 'arch', 'subsys', 'fs', 'device', 'late'];
