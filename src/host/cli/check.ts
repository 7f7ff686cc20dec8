// insmod-lens check: whole trees of modules against one or more kernels.
import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { groupBy } from '../../formats/groupBy';
import type { TargetChoice } from '../../protocol/analysis';
import type { CheckReport } from '../../report/check/types';
import { ownTarget } from '../node/targets';
import { readBaseline, writeBaseline } from '../node/check/baseline';
import { cacheDirectory } from '../node/cacheFiles';
import { checkModules } from '../node/check/check';
import { installedKernels } from '../node/check/installedKernels';
import { readRootNotes, withRootNotes } from '../node/check/rootNotes';
import { CheckPool } from '../node/check/pool';
import { InputError, isDirectory, isThere } from '../node/files';
import { listModuleFiles, type TreeListener } from '../node/moduleFiles';
import { Pacer } from '../node/pacer';
import { thisBuild } from '../node/thisBuild';
import { addBootOptions, bootReports, type CheckBootOptions } from './checkBoot';
import { addMirrorOption } from './namedKernels';
import { complain } from './output';
import { checkStatus, leaveWith } from './exitStatus';
import { kernelNames } from './kernelNames';
import { printCheck } from './printCheck';
import { printDepmod } from './printDepmod';
import { printObjects } from './printResult';
import { printSarif } from './printSarif';
import { progressOn } from './progress';
import { givenTargets, profileOption, tellUnjudged } from './targetOptions';

interface CheckOptions extends CheckBootOptions {
  readonly kernel?: readonly string[];
  readonly kernelProfile?: readonly string[];
  readonly modules?: string;
  readonly cmdline?: string;
  readonly format: 'text' | 'json' | 'sarif' | 'depmod';
  readonly relocations: boolean;
  readonly cache: boolean;
  readonly root?: string;
  readonly installed?: boolean;
  readonly hints?: boolean;
  readonly shard?: { readonly index: number; readonly of: number };
  readonly baseline?: string;
  readonly writeBaseline?: string;
}

const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

export function registerCheck(program: Command): void {
  const command = addMirrorOption(
    program
      .command('check')
      .description('simulate loading every module of a tree, in dependency order and in parallel'),
  )
    .argument('[path...]', 'directories and module files (.ko, .ko.xz, .ko.zst, .ko.gz)')
    .option(
      '--root <dir>',
      'check a root filesystem: the modules of every kernel in its lib/modules against the image of that kernel',
    )
    .option('--installed', 'the same for this machine, the kernel that boots next first')
    .option('--kernel <path>', 'target, as for insmod; repeatable: every module is checked against each', collect)
    .addOption(profileOption())
    .option('--modules <path>', "where that kernel's own modules are, when the build directory does not lead to them")
    .option('--cmdline <text>', 'kernel command line, e.g. "module.sig_enforce=1 module_blacklist=foo"')
    .option('--no-relocations', 'do not look at relocations: a little faster')
    .option('--no-cache', 'look at every file again, also at those that did not change since the last check')
    .option('--hints', 'report hints that hold for any kernel, too: use of init memory, memory that could be freed')
    .option('--shard <I/N>', 'judge the Ith part of N, to share a tree among CI runners', parseShard)
    .option('--baseline <file>', 'report only findings that this file does not have')
    .option('--write-baseline <file>', 'write the findings to this file; exit status 0')
    .addOption(
      new Option('--format <format>', 'output format').choices(['text', 'json', 'sarif', 'depmod']).default('text'),
    );
  addBootOptions(command).action(check);
}

function parseShard(text: string): { index: number; of: number } {
  const [, index = 0, of = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index < 1 || index > of) throw new InvalidArgumentError('I/N is wanted, with I from 1 to N.');
  return { index, of };
}

async function check(given: readonly string[], options: CheckOptions): Promise<void> {
  const paths = typeof options.boot === 'string' ? [options.boot, ...given] : given;
  if (options.format === 'depmod') {
    await printDepmod(paths, options);
    return;
  }
  const pool = new CheckPool(__filename);
  try {
    await checkWith(pool, paths, options);
  } finally {
    await pool.close();
  }
}

async function checkWith(pool: CheckPool, paths: readonly string[], options: CheckOptions): Promise<void> {
  const [unlisted, dkmsConfs]: [string[], string[]] = [[], []];
  const heard = {
    unlisted: (error: InputError) => unlisted.push(error.message),
    dkmsConf: (file: string) => dkmsConfs.push(file),
  };
  const root = options.installed === true ? '/' : options.root;
  if (root === undefined && paths.length === 0)
    throw new InputError('check', 'which modules? (paths, --root or --installed)');
  const groups =
    root === undefined ? await groupsOf(paths, options, heard) : await groupsOfRoot(root, paths, options, heard);
  const notes = root === undefined ? null : readRootNotes(root);
  const directory = options.cache ? cacheDirectory() : null;
  const progress = progressOn(process.stderr);
  const reports: CheckReport[] = [];
  for (const [i, group] of groups.entries()) {
    // Told once, with the first kernel.
    const met = i === 0 ? { unlisted, dkmsConfs } : { unlisted: [], dkmsConfs: [] };
    const job = { ...options, ...met, paths: root === undefined ? paths : [root], directory };
    const simulated = await checkGroup(pool, group, job, progress);
    const checked = await bootReports(
      simulated,
      { ...group, targets: targetsOf(group, job), root: rootOf(job.paths) },
      job,
      progress,
    );
    reports.push(...(notes ? checked.map(report => withRootNotes(report, notes, group.bootsNext === true)) : checked));
  }
  progress.clear();
  tellUnjudged(reports.map(({ kernel }) => kernel));
  const targets = groups.flatMap(({ kernels }) => kernels);
  const names = kernelNames(reports.map(({ kernel: { release } }, i) => ({ release, target: targets[i] ?? '' })));
  await print(reports, names, options.format);
  if (options.writeBaseline !== undefined) {
    writeBaseline(options.writeBaseline, reports);
    return;
  }
  leaveWith(checkStatus(reports));
}

/** Modules that are checked against the same kernels. */
interface Group {
  readonly files: readonly string[];
  readonly kernels: readonly string[];
  /** Where the own modules of the kernels are, where that is known. */
  readonly modules?: string;
  readonly bootsNext?: boolean;
}

/** All modules against the kernels that were given; without any, each against its own. */
async function groupsOf(paths: readonly string[], options: CheckOptions, heard: TreeListener): Promise<Group[]> {
  const given = givenTargets(options);
  if (given) return [{ files: await filesOf(paths, heard), kernels: given }];
  const byTarget = new Map<string, Set<string>>();
  const known = new Map<string, string | null>();
  const alone: InputError[] = [];
  for (const given of paths) {
    const files = await filesOf([given], heard);
    for (const file of files) {
      try {
        const target = isInstalledTree(given) ? given : ownTarget(file, known);
        const group = byTarget.get(target) ?? new Set<string>();
        byTarget.set(target, group.add(file));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        alone.push(error);
      }
    }
  }
  const [first] = alone;
  if (first && byTarget.size === 0) throw first;
  // The others are checked all the same.
  once(alone).forEach(heard.unlisted);
  return Array.from(byTarget, ([target, files]) => ({ files: [...files], kernels: [target] }));
}

/** Modules that want the same kernel, by the first of them. */
function once(errors: readonly InputError[]): InputError[] {
  const same = groupBy(errors, ({ path, message }) => message.slice(path.length));
  return [...same.values()].flatMap(([first, ...others]) => {
    if (!first || others.length === 0) return first ?? [];
    const count = others.length === 1 ? 'another module' : `${others.length} other modules`;
    return new InputError(first.path, `${first.message.slice(first.path.length + 2)} (and ${count})`);
  });
}

/** The modules of each kernel of a root filesystem against that kernel. */
async function groupsOfRoot(
  root: string,
  paths: readonly string[],
  { kernel, kernelProfile, modules, installed }: CheckOptions,
  heard: TreeListener,
): Promise<Group[]> {
  const option = installed === true ? '--installed' : '--root';
  if (paths.length > 0 || kernel || kernelProfile || modules !== undefined)
    throw new InputError(option, 'finds modules and kernels itself: paths, --kernel and --modules are not for it');
  if (!isDirectory(root)) throw new InputError(root, isThere(root) ? 'is not a directory' : 'no such directory');
  const groups: Group[] = [];
  for (const { target, modules: directory, bootsNext } of await installedKernels(root)) {
    const files = await listModuleFiles(path.resolve(directory), new Pacer(), { heard });
    if (files.length === 0) continue;
    const why = 'neither an image of this kernel (in boot/ or beside its modules) nor its headers were found';
    // A kernel that is not there any more leaves modules behind; it boots no machine.
    if (target !== null)
      groups.push({ files, kernels: [target], modules: directory, bootsNext: installed === true && bootsNext });
    else if (installed === true) complain(`${directory}: not checked: ${why}`);
    else heard.unlisted(new InputError(directory, why));
  }
  if (groups.length === 0)
    throw new InputError(root, 'has no kernel with modules and an image or headers (in lib/modules and boot)');
  return groups;
}

interface GroupOptions extends CheckOptions {
  readonly paths: readonly string[];
  /** Where results are kept; null for nowhere. */
  readonly directory: string | null;
  /** What could not be listed, one line each. */
  readonly unlisted: readonly string[];
  readonly dkmsConfs: readonly string[];
}

function targetsOf({ kernels, modules }: Group, options: CheckOptions): TargetChoice[] {
  const own = modules ?? options.modules;
  return kernels.map(path => (own === undefined ? { path } : { path, modules: own }));
}

function checkGroup(
  pool: CheckPool,
  group: Group,
  { paths, directory, unlisted, dkmsConfs, ...options }: GroupOptions,
  progress: ReturnType<typeof progressOn>,
): Promise<CheckReport[]> {
  return checkModules(pool, {
    files: group.files,
    targets: targetsOf(group, options),
    cmdline: options.cmdline ?? '',
    relocations: options.relocations,
    withHints: options.hints ?? false,
    unlisted,
    dkmsConfs,
    root: rootOf(paths),
    shard: options.shard ?? null,
    baseline: options.baseline === undefined ? null : readBaseline(options.baseline),
    cache: directory === null ? null : { directory, tool: thisBuild(), complain },
    progress: progress.show,
  });
}

async function print(
  reports: readonly CheckReport[],
  names: readonly string[],
  format: CheckOptions['format'],
): Promise<void> {
  if (format === 'text') printCheck(reports, names);
  else if (format === 'json') printObjects(reports);
  else {
    await printSarif(reports);
  }
}

/** Modules of directories in the order in which depmod prefers them, and files as they were given. */
async function filesOf(paths: readonly string[], heard: TreeListener): Promise<string[]> {
  const files: string[] = [];
  for (const given of paths) {
    if (!isThere(given)) throw new InputError(given, 'no such file or directory');
    if (!isDirectory(given)) {
      files.push(path.resolve(given));
      const beside = path.join(path.dirname(path.resolve(given)), 'dkms.conf');
      if (isThere(beside)) heard.dkmsConf(beside);
    } else {
      let first: InputError | null = null;
      const found = await listModuleFiles(path.resolve(given), new Pacer(), {
        heard: {
          ...heard,
          unlisted: error => {
            first ??= error;
            heard.unlisted(error);
          },
        },
      });
      if (found.length === 0) throw first ?? new InputError(given, 'has no modules (.ko, .ko.xz, .ko.zst, .ko.gz)');
      // Not spread: arguments of a call are limited in number.
      for (const file of found) files.push(file);
    }
  }
  return [...new Set(files)];
}

/** kbuild leaves a modules.order beside modules of anybody's, too. */
function isInstalledTree(directory: string): boolean {
  const has = (name: string): boolean => isThere(path.join(directory, name));
  return has('modules.builtin') || (has('modules.order') && has('kernel'));
}

/** Paths are shown relative to where the command runs, or to a directory that was given and lies elsewhere. */
function rootOf([given = '', ...others]: readonly string[]): string {
  const here = process.cwd();
  const directory = path.resolve(given);
  const isBelow = directory === here || directory.startsWith(`${here}/`);
  return isBelow || others.length > 0 || !isDirectory(given) ? here : directory;
}
