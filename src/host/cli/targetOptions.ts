// Options that say which kernel to simulate and in what state: shared by insmod, rmmod and what loads modules.
import { Option, type Command } from 'commander';
import { note, noteText } from '../../findings/notes';
import { openTarget, System, type KernelFacts, type LoadResult } from '../../index';
import type { TargetChoice } from '../../protocol/analysis';
import { isJudged } from '../../linux/generations';
import { PROFILE } from '../../target/profile';
import { ownTarget } from '../node/targets';
import { readModule } from '../node/decompress';
import { InputError } from '../node/files';
import { addMirrorOption } from './namedKernels';
import { complain } from './output';

export interface TargetOptions {
  readonly kernel?: readonly string[];
  readonly kernelProfile?: readonly string[];
  readonly modules?: string;
  readonly loaded?: readonly string[];
  readonly cmdline?: string;
}

const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

export function addTargetOptions(command: Command): Command {
  return addMirrorOption(command)
    .option(
      '--kernel <path>',
      "target: a kernel build directory, a /lib/modules/RELEASE directory, a kernel image (vmlinuz, vmlinux, Image, ...), a package (.deb, .rpm, .pkg.tar.zst), a name (debian:12) or a snapshot; repeatable (default: the one the module was built against, else the running kernel's)",
      collect,
    )
    .addOption(profileOption())
    .option('--modules <path>', "where that kernel's own modules are, when the build directory does not lead to them")
    .option('--loaded <file>', 'a module already loaded; repeatable, in order', collect)
    .option('--cmdline <text>', 'kernel command line, e.g. "module.sig_enforce=1 module_blacklist=foo"');
}

/** `--kernel-profile`, for every command that takes `--kernel`. */
export function profileOption(): Option {
  return new Option(
    '--kernel-profile <release[-arch]>',
    'a kernel that is not at hand, by release and architecture, such as 2.6.39-i386 (x86_64 where none is named); repeatable',
  ).argParser(collect);
}

/** Targets as paths: those of `--kernel`, then the profiles; null where neither was given. */
export function givenTargets({
  kernel,
  kernelProfile,
}: Pick<TargetOptions, 'kernel' | 'kernelProfile'>): string[] | null {
  if (!kernel && !kernelProfile) return null;
  return [...(kernel ?? []), ...(kernelProfile ?? []).map(name => PROFILE + name)];
}

/** On standard error, once for each: rules that no booted kernel judges. */
export function tellUnjudged(targets: readonly Pick<KernelFacts, 'release'>[]): void {
  for (const release of new Set(targets.map(({ release }) => release)))
    if (!isJudged(release)) complain(noteText(note('rules-from-sources', { release })));
}

/** The targets asked for, or the one `modulePath` was built against, else that of the running kernel. */
export async function openTargets(options: TargetOptions, modulePath: string | null): Promise<KernelFacts[]> {
  const targets: KernelFacts[] = [];
  for (const { path, modules } of targetChoices(options, modulePath))
    targets.push(await openTarget(path, modules === undefined ? {} : { modules }));
  tellUnjudged(targets);
  return targets;
}

/** The targets of {@link openTargets} before they are opened, in the same order. */
export function targetChoices(options: TargetOptions, modulePath: string | null): TargetChoice[] {
  const { modules } = options;
  const paths = givenTargets(options) ?? [ownTarget(modulePath)];
  return paths.map(path => (modules === undefined ? { path } : { path, modules }));
}

/** A machine with that kernel and the modules of --loaded in it; one that is refused makes the scenario impossible. */
export async function bootSystem(target: KernelFacts, options: TargetOptions): Promise<System> {
  const system = new System(target, { cmdline: options.cmdline ?? '' });
  for (const path of options.loaded ?? []) {
    const result: LoadResult = system.insmod(await readModule(path));
    if (result.errno !== 0)
      throw new InputError(path, `given with --loaded, would itself be refused (${lastLine(result)})`);
  }
  return system;
}

function lastLine(result: LoadResult): string {
  return result.log.at(-1)?.text ?? result.errnoName ?? 'unknown error';
}
