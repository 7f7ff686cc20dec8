// insmod-lens modprobe: a module with all it needs, or what kmod's modprobe would say of it.
import path from 'node:path';
import { Option, type Command } from 'commander';
import { ModuleLookup } from '../../kmod/moduleLookup';
import { showConfig } from '../../kmod/showConfig';
import { existsFile } from '../node/modprobe/simulation';
import { readConfig } from '../node/modprobe/configFiles';
import { readIndexFiles } from '../node/modprobe/indexFiles';
import { InputError } from '../node/files';
import { INSMOD_TOOLS } from '../../kmod/insmodTools';
import { bytesOfText } from './arguments';
import { exitStatus, leaveWith } from './exitStatus';
import { modulesDirectory } from './modulesDirectory';
import { runModprobe, type ModprobeOptions } from './modprobeRun';
import { printObjects } from './printResult';
import { addTargetOptions } from './targetOptions';
import { err, out } from './output';

const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

/** Adds the command `modprobe`, with the options of modprobe(8) where they mean something here. */
export function registerModprobe(program: Command): void {
  addTargetOptions(
    program
      .command('modprobe')
      .description('simulate loading a module with all it needs; install and remove commands are never run')
      .argument('[name]', 'name or alias of the module')
      .argument('[param=value...]', 'module parameters; with -a or -r further names'),
  )
    .option('-D, --show-depends', 'print what would be loaded, as modprobe does, and load nothing')
    .option('-R, --resolve-alias', 'print the modules a name stands for')
    .option('-c, --showconfig', 'print the configuration and the indexes')
    .addOption(new Option('--show-config').hideHelp())
    .option('-a, --all', 'every argument is the name of a module')
    .option('-r, --remove', 'remove instead of loading')
    .option('--remove-holders', 'with -r: modules that use it as well')
    .addOption(new Option('--remove-dependencies').hideHelp())
    .option('-b, --use-blacklist', 'pass over blacklisted modules, not only blacklisted aliases')
    .option('-i, --ignore-install', 'ignore install commands and soft dependencies of the module')
    .option('--ignore-remove', 'the same for remove commands')
    .option('--first-time', 'fail when the module is loaded already, or with -r not loaded')
    .option('-f, --force', 'both of the following; with -r as rmmod --force')
    .option('--force-vermagic', 'ignore vermagic')
    .option('--force-modversion', 'ignore symbol versions')
    .option('-n, --dry-run', 'load nothing; with -v, print what would be loaded')
    .option('-C, --config <path>', 'configuration instead of that of this machine; repeatable', collect)
    .option('-d, --dirname <dir>', 'root of the file system: modules are in <dir>/lib/modules/VERSION')
    .option('-S, --set-version <version>', "version of the kernel instead of this machine's")
    .option('-q, --quiet', 'say nothing of what is not found')
    .option('-v, --verbose', 'print each step')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(modprobe);
}

async function modprobe(name: string | undefined, rest: string[], options: ModprobeOptions): Promise<void> {
  const wantsConfig = options.showconfig ?? options.showConfig ?? false;
  if (name === undefined && !wantsConfig) throw new InputError('modprobe', 'missing parameters');
  const directory = modulesDirectory(options);
  const bytes = bytesOfText(path.isAbsolute(directory) ? directory : `${process.cwd()}/${directory}`);
  const { indexes, fromModules } = await readIndexFiles(directory);
  const config = readConfig({
    paths: options.config ?? null,
    fromModules,
    directory,
    cmdline: options.cmdline ?? '',
  });
  for (const problem of config.problems) err(Buffer.from(`${problem}\n`, 'latin1'));
  if (wantsConfig) {
    printLines(showConfig(config, indexes));
    return;
  }
  const several = (options.all ?? false) || (options.remove ?? false);
  const reports = await runModprobe({
    names: [name ?? '', ...(several ? rest : [])].map(bytesOfText),
    parameters: several ? '' : bytesOfText(INSMOD_TOOLS.kmod.joinArguments(rest)),
    directory,
    options,
    makeLookup: () => new ModuleLookup({ config, indexes, directory: bytes, exists: existsFile }),
  });
  if (options.format === 'json') printObjects(reports);
  const status = exitStatus(
    reports.map(({ errno, steps }) => ({
      errno,
      verdict: steps.some(({ result }) => result?.verdict === 'unchecked') ? 'unchecked' : 'loads',
    })),
  );
  leaveWith(status);
}

function printLines(lines: readonly string[]): void {
  out(Buffer.from(lines.map(line => `${line}\n`).join(''), 'latin1'));
}
