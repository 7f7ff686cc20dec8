// modprobe -r NAME: the module, what hangs on it, and what nobody needs afterwards (tools/modprobe.c).
import { EBUSY, ENOENT } from '../linux/errno';
import type { KmodModule, ModuleLookup } from './moduleLookup';

export interface RemoveOptions {
  /** -i */
  readonly ignoreCommands: boolean;
  /** --show-depends */
  readonly ignoreLoaded: boolean;
  /** --first-time */
  readonly firstTime: boolean;
  /** --remove-holders */
  readonly removeHolders: boolean;
}

/** Where modules are removed. */
export interface RemoveMachine {
  isLoaded(name: string): boolean;
  /** Modules that use it. */
  holders(name: string): readonly string[];
  /** Its use count; null when it is not loaded. */
  useCount(name: string): number | null;
  /** delete_module(2), or only saying so; returns an errno. */
  remove(name: string): number;
  /** Runs a command, or only says so; returns an errno. */
  run(module: KmodModule, command: string): number;
  /** A complaint; true when modprobe ends with it. */
  complain(text: string): boolean;
}

/** What modprobe ends with at once, whatever is left to do. */
export const EXIT = 'exit';
export type RemoveOutcome = number | typeof EXIT;

/** rmmod(): everything a name stands for. Returns an errno. */
export function removeByName(
  lookup: ModuleLookup,
  name: string,
  options: RemoveOptions,
  machine: RemoveMachine,
): RemoveOutcome {
  const found = lookup.find(name);
  if (found === null) return ENOENT;
  if (found.length === 0) return machine.complain(`Module ${name} not found.`) ? EXIT : ENOENT;
  const removal = new Removal(lookup, options, machine);
  for (const module of found) {
    const outcome = removal.remove(module, { removeHolders: options.removeHolders, ignoreBuiltin: false });
    if (outcome !== 0) return outcome;
  }
  return 0;
}

interface RemoveFlags {
  readonly removeHolders: boolean;
  /** What is built in is no error: it came with the name of another module. */
  readonly ignoreBuiltin: boolean;
}

class Removal {
  constructor(
    private readonly lookup: ModuleLookup,
    private readonly options: RemoveOptions,
    private readonly machine: RemoveMachine,
  ) {}

  /** rmmod_do_module() */
  remove(module: KmodModule, flags: RemoveFlags): RemoveOutcome {
    const { ignoreCommands, ignoreLoaded } = this.options;
    const { lookup, machine } = this;
    const { pre, post } = ignoreCommands ? { pre: [], post: [] } : lookup.softdeps(module);
    const command = ignoreCommands ? null : lookup.removeCommand(module);
    const asksKernel = command === null && !ignoreLoaded;
    if (asksKernel && lookup.isBuiltin(module))
      return flags.ignoreBuiltin ? 0 : this.fail(`Module ${module.name} is builtin.`, ENOENT);
    if (asksKernel && !machine.isLoaded(module.name))
      return this.options.firstTime ? this.fail(`Module ${module.name} is not in kernel.`, ENOENT) : 0;
    if (this.removeAll(post, false) === EXIT) return EXIT;
    if (flags.removeHolders) {
      const holders = machine.holders(module.name).map(name => ({ name, alias: null }));
      const outcome = this.removeAll(holders, true);
      if (outcome !== 0) return outcome;
    }
    if (asksKernel && (machine.useCount(module.name) ?? 0) > 0)
      return this.fail(`Module ${module.name} is in use.`, EBUSY);
    const errno = command === null ? machine.remove(module.name) : machine.run(module, command);
    if (errno !== 0) return errno;
    // Errors with what became unused, and with soft dependencies, are passed over.
    if (command === null)
      for (const { name } of lookup.dependencies(module)) if (machine.useCount(name) === 0) machine.remove(name);
    return this.removeAll(pre, false) === EXIT ? EXIT : 0;
  }

  /** rmmod_do_modlist(): the last first. */
  private removeAll(modules: readonly KmodModule[], stopOnErrors: boolean): RemoveOutcome {
    for (const module of [...modules].reverse()) {
      const outcome = this.remove(module, { removeHolders: false, ignoreBuiltin: true });
      if (outcome === EXIT || (outcome !== 0 && stopOnErrors)) return outcome;
    }
    return 0;
  }

  private fail(text: string, errno: number): RemoveOutcome {
    return this.machine.complain(text) ? EXIT : errno;
  }
}
