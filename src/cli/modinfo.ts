// insmod-lens modinfo: as modinfo(8), for files.
import path from 'node:path';
import type { Command } from 'commander';
import { readModule } from '../node/decompress';
import { InputError } from '../node/files';
import { printable } from './printable';

/** Options that are short for --field. */
const SHORTHANDS = [
  ['-a, --author', 'author'],
  ['-d, --description', 'description'],
  ['-l, --license', 'license'],
  ['-p, --parameters', 'parm'],
  ['-n, --filename', 'filename'],
] as const;

/**
 * Adds the command `modinfo`. It prints what modinfo(8) prints, errors included, and sets the exit status: 1 when a file
 * is not a module modinfo understands, 2 when one cannot be read.
 */
export function registerModinfo(program: Command): void {
  let field: string | null = null;
  const command = program
    .command('modinfo')
    .description('print what modinfo(8) prints, byte for byte')
    .argument('<module.ko...>', 'module files, compressed or not')
    .option('-F, --field <field>', 'print only this field')
    .option('-0, --null', 'end entries with NUL instead of newline');
  // As in modinfo, the last of several wins.
  command.on('option:field', (value: string) => (field = value));
  for (const [flags, name] of SHORTHANDS) {
    command.option(flags, `print only '${name}'`);
    command.on(`option:${flags.slice(6)}`, () => (field = name));
  }
  command.action(async (files: string[], options: { null?: boolean }) => {
    for (const file of files) await printModinfo(file, field, options.null ?? false);
  });
}

async function printModinfo(file: string, field: string | null, nul: boolean): Promise<void> {
  try {
    const { bytes } = await readModule(file);
    // Only this command needs the report, which reads signatures and so carries an ASN.1 library.
    const { formatModinfo } = await import('../core/report/modinfo');
    // Like kmod: made absolute, not tidied up.
    const absolute = path.isAbsolute(file) ? file : `${process.cwd()}/${file}`;
    const filename = Buffer.from(absolute).toString('latin1');
    const output = formatModinfo(bytes, { filename, name: moduleName(file), field, nul });
    for (const error of output.errors) process.stderr.write(Buffer.from(`modinfo: ERROR: ${error}\n`, 'latin1'));
    process.stdout.write(Buffer.from(output.text, 'latin1'));
    if (output.failed) fail(1);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`insmod-lens: ${printable(error.message)}\n`);
    fail(2);
  }
}

/** The exit status is the worst of all files'. */
function fail(status: number): void {
  process.exitCode = Math.max(Number(process.exitCode ?? 0), status);
}

/** The name a module file stands for: up to the first dot, with underscores. */
function moduleName(file: string): string {
  return path.basename(file).replace(/\..*/, '').replaceAll('-', '_');
}
