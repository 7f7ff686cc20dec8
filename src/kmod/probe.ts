// What modprobe does to have a module loaded: one list of steps, in order (libkmod/libkmod-module.c).
import type { KmodModule, ModuleLookup } from './moduleLookup';

export interface ProbeStep {
  readonly module: KmodModule;
  /** null for what is built in, and for an alias of nothing. */
  readonly path: string | null;
  readonly builtin: boolean;
  /** A command to be run instead of loading. */
  readonly command: string | null;
  /** What the kernel, or the command, gets as parameters. */
  readonly options: string;
  /** The module that was asked for. */
  readonly isTarget: boolean;
  /** It or what it depends on; a failing soft dependency is passed over. */
  readonly required: boolean;
}

export interface ProbeOptions {
  /** -i: neither commands nor soft dependencies of the module itself. */
  readonly ignoreCommands: boolean;
  /** Parameters given to modprobe: for the module itself, in one string. */
  readonly parameters: string;
}

/** kmod_module_get_probe_list(), and the options of each step. */
export function probeSteps(lookup: ModuleLookup, target: KmodModule, options: ProbeOptions): ProbeStep[] {
  const list = new ProbeList(lookup);
  list.add(target, true, options.ignoreCommands);
  return list.entries.map(({ module, ignoreCommand }) => ({
    module,
    path: lookup.path(module),
    builtin: lookup.isBuiltin(module),
    command: ignoreCommand ? null : lookup.installCommand(module),
    options: concatOptions(lookup.options(module), module === target ? options.parameters : null),
    isTarget: module === target,
    required: list.required.has(module),
  }));
}

interface Entry {
  readonly module: KmodModule;
  ignoreCommand: boolean;
}

class ProbeList {
  /** A module may stand here more than once: dependencies are not remembered as visited. */
  readonly entries: Entry[] = [];
  readonly required = new Set<KmodModule>();
  private readonly visited = new Set<KmodModule>();

  constructor(private readonly lookup: ModuleLookup) {}

  /** __kmod_module_get_probe_list() */
  add(module: KmodModule, required: boolean, ignoreCommands: boolean): void {
    if (this.visited.has(module)) return;
    this.visited.add(module);
    const dependencies = this.lookup.dependencies(module);
    if (required) for (const needed of [module, ...dependencies]) this.required.add(needed);
    for (const dependency of dependencies) this.addWithSoftdeps(dependency);
    if (ignoreCommands) this.append(module, true);
    else this.addWithSoftdeps(module);
  }

  /** __kmod_module_fill_softdep(): soft dependencies take the place of a command. */
  private addWithSoftdeps(module: KmodModule): void {
    const { pre, post } = this.lookup.softdeps(module);
    for (const before of pre) this.add(before, false, false);
    this.append(module, pre.length > 0 || post.length > 0);
    for (const after of post) this.add(after, false, false);
  }

  /** What is decided last about a module holds wherever it stands. */
  private append(module: KmodModule, ignoreCommand: boolean): void {
    for (const entry of this.entries) if (entry.module === module) entry.ignoreCommand = ignoreCommand;
    this.entries.push({ module, ignoreCommand });
  }
}

/** module_options_concat(): those of the configuration are followed by a blank, even without others behind it. */
function concatOptions(configured: string | null, given: string | null): string {
  if (!configured && !given) return '';
  return `${configured === null ? '' : `${configured} `}${given ?? ''}`;
}

/** The line `modprobe --show-depends` has for a step (tools/modprobe.c, print_action()); null when it has none. */
export function showStep({ module, path, builtin, command, options }: ProbeStep): string | null {
  if (command !== null) return `install ${command} ${options}`;
  if (path !== null) return `insmod ${path} ${options}`;
  return builtin ? `builtin ${module.name}` : null;
}

/** A command with the parameters in it (module_do_install_commands()). */
export function expandCommand(command: string, options: string): string {
  return command.replaceAll('$CMDLINE_OPTS', () => options);
}
