// insmod-lens modinfo: as modinfo(8), for files and for names of modules.
import path from 'node:path';
import type { Command } from 'commander';
import { emptyConfig } from '../../kmod/config';
import { ModuleLookup, type KmodModule } from '../../kmod/moduleLookup';
import type { ModinfoOutput } from '../../kmod/modinfo';
import { readModule } from '../node/decompress';
import { InputError, readBytesIfThere } from '../node/files';
import { readIndexFiles } from '../node/modprobe/indexFiles';
import { existsFile } from '../node/modprobe/simulation';
import { MODULE_FILE, moduleNameOfPath } from '../../formats/ko/moduleName';
import { bytesOfText } from './arguments';
import { modulesDirectory } from './modulesDirectory';
import { printable } from './printable';
import { CANNOT_RUN, leaveWith } from './exitStatus';
import { complain, err, out } from './output';

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
    .argument('<module...>', 'module files, compressed or not, or names of modules')
    .option('-F, --field <field>', 'print only this field')
    .option('-0, --null', 'end entries with NUL instead of newline')
    .option('-k, --set-version <version>', "for names: version of the kernel instead of this machine's")
    .option('-b, --basedir <dir>', 'for names: root of the file system, with modules in <dir>/lib/modules/VERSION')
    .option('--modules <path>', 'for names: the modules directory');
  // As in modinfo, the last of several wins.
  command.on('option:field', (value: string) => (field = value));
  for (const [flags, name] of SHORTHANDS) {
    command.option(flags, `print only '${name}'`);
    command.on(`option:${flags.slice(6)}`, () => (field = name));
  }
  command.action(async (modules: string[], options: ModinfoArguments) => {
    const format = { field, nul: options.null ?? false };
    let named: NamedModules | null = null;
    for (const module of modules)
      try {
        if (isFile(module)) await printFile(module, format);
        else await (named ??= await NamedModules.open(options)).print(module, format);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        complain(error.message);
        leaveWith(CANNOT_RUN);
      }
  });
}

interface ModinfoArguments {
  readonly null?: boolean;
  readonly setVersion?: string;
  readonly basedir?: string;
  readonly modules?: string;
}

interface Format {
  readonly field: string | null;
  readonly nul: boolean;
}

const isFile = (module: string): boolean => MODULE_FILE.test(module) || module.includes('/');

/** Only this command needs the report, which reads signatures and so carries an ASN.1 library. */
const loadReport = () => import('../../kmod/modinfo');

async function printFile(file: string, format: Format): Promise<void> {
  const { bytes } = await readModule(file);
  const { formatModinfo } = await loadReport();
  // Like kmod: made absolute, not tidied up.
  const filename = bytesOfText(path.isAbsolute(file) ? file : `${process.cwd()}/${file}`);
  printOutput(formatModinfo(bytes, { ...format, filename, name: moduleNameOfPath(file) }));
}

/** Modules found by name or alias, as kmod finds them without configuration. */
class NamedModules {
  private constructor(
    private readonly directory: string,
    private readonly lookup: ModuleLookup,
  ) {}

  static async open({ basedir, setVersion, modules }: ModinfoArguments): Promise<NamedModules> {
    const directory = modulesDirectory({ dirname: basedir, setVersion, modules });
    const { indexes } = await readIndexFiles(directory);
    const absolute = path.isAbsolute(directory) ? directory : `${process.cwd()}/${directory}`;
    const input = { config: emptyConfig(), indexes, directory: bytesOfText(absolute), exists: existsFile };
    return new NamedModules(directory, new ModuleLookup(input));
  }

  async print(name: string, format: Format): Promise<void> {
    const found = this.lookup.find(bytesOfText(name));
    if (found === null || found.length === 0) {
      const what = found === null ? 'Module alias' : 'Module';
      err(`modinfo: ERROR: ${what} ${printable(name)} not found.\n`);
      leaveWith(1);
    }
    for (const module of found ?? []) await this.printOne(module, format);
  }

  private async printOne(module: KmodModule, format: Format): Promise<void> {
    const file = this.lookup.path(module);
    if (file !== null) {
      await printFile(Buffer.from(file, 'latin1').toString(), format);
      return;
    }
    const { formatBuiltinModinfo } = await loadReport();
    const text = readBytesIfThere(path.join(this.directory, 'modules.builtin.modinfo')) ?? new Uint8Array();
    printOutput(formatBuiltinModinfo(Buffer.from(text).toString('latin1'), { ...format, name: module.name }));
  }
}

function printOutput({ text, errors, failed }: ModinfoOutput): void {
  for (const error of errors) err(Buffer.from(`modinfo: ERROR: ${error}\n`, 'latin1'));
  out(Buffer.from(text, 'latin1'));
  if (failed) leaveWith(1);
}
