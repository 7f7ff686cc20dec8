// Options that say which kernel to simulate and in what state: shared by insmod, rmmod and what loads modules.
import type { Command } from 'commander';
import { openTarget, System, type KernelFacts, type LoadResult, type ModuleFile } from '../../index';
import type { TargetChoice } from '../../protocol/analysis';
import { defaultTarget } from '../node/targets';
import { readModule } from '../node/decompress';
import { InputError, isThere } from '../node/files';

export interface TargetOptions {
  readonly kernel?: readonly string[];
  readonly modules?: string;
  readonly loaded?: readonly string[];
  readonly cmdline?: string;
}

const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

export function addTargetOptions(command: Command): Command {
  return command
    .option(
      '--kernel <path>',
      "target: a kernel build directory, a /lib/modules/RELEASE directory, a kernel image (vmlinuz, vmlinux, Image, ...) or a snapshot; repeatable (default: the one the module was built against, else the running kernel's)",
      collect,
    )
    .option('--modules <path>', "where that kernel's own modules are, when the build directory does not lead to them")
    .option('--loaded <file>', 'a module already loaded; repeatable, in order', collect)
    .option('--cmdline <text>', 'kernel command line, e.g. "module.sig_enforce=1 module_blacklist=foo"');
}

/** The targets asked for, or the one `modulePath` was built against, else that of the running kernel. */
export async function openTargets(options: TargetOptions, modulePath: string | null): Promise<KernelFacts[]> {
  const targets: KernelFacts[] = [];
  for (const { path, modules } of targetChoices(options, modulePath))
    targets.push(await openTarget(path, modules === undefined ? {} : { modules }));
  return targets;
}

/** The targets of {@link openTargets} before they are opened, in the same order. */
export function targetChoices({ kernel, modules }: TargetOptions, modulePath: string | null): TargetChoice[] {
  const paths = kernel ?? [existingDefault(modulePath)];
  return paths.map(path => (modules === undefined ? { path } : { path, modules }));
}

function existingDefault(modulePath: string | null): string {
  const path = defaultTarget(modulePath);
  if (isThere(path)) return path;
  throw new InputError(
    path,
    'no such directory, and nothing beside the module names another kernel: give one with --kernel',
  );
}

/** Reads a module file, unpacked if it was compressed. Throws InputError. */
export async function readModuleFile(path: string): Promise<ModuleFile> {
  const { bytes, compression } = await readModule(path);
  return { path, bytes, compression: compression === 'none' ? null : compression };
}

/** A machine with that kernel and the modules of --loaded in it; one that is refused makes the scenario impossible. */
export async function bootSystem(target: KernelFacts, options: TargetOptions): Promise<System> {
  const system = new System(target, { cmdline: options.cmdline ?? '' });
  for (const path of options.loaded ?? []) {
    const result: LoadResult = system.insmod(await readModuleFile(path));
    if (result.errno !== 0)
      throw new InputError(path, `given with --loaded, would itself be refused (${lastLine(result)})`);
  }
  return system;
}

function lastLine(result: LoadResult): string {
  return result.log.at(-1)?.text ?? result.errnoName ?? 'unknown error';
}
