// From a name or alias to modules, and from a module to what configuration and indexes say of it (libkmod/libkmod.c,
// libkmod/libkmod-module.c). All text is byte strings.
import type { Command, ModprobeConfig } from './config';
import { fnmatch } from './fnmatch';
import { searchAliases, searchBuiltinAliases, type ModuleIndexes } from './indexes';
import { normalizeAlias, normalizeName } from './names';

/** A module there is one object of for each name, and one more for each alias it was found by. */
export interface KmodModule {
  readonly name: string;
  /** What it was found by, when that was an alias. */
  readonly alias: string | null;
}

/** What is learned of a module on the way. */
interface Known extends KmodModule {
  path: string | null;
  /** null while they were not asked for. */
  dependencies: readonly Known[] | null;
  /** null while nobody knows. */
  builtin: boolean | null;
  /** Set when it was found by its command. */
  install?: string;
  remove?: string;
}

export interface LookupInput {
  readonly config: ModprobeConfig;
  readonly indexes: ModuleIndexes;
  /** Absolute path of the modules directory. */
  readonly directory: string;
  /** Whether there is a file of that path. */
  readonly exists: (path: string) => boolean;
}

export class ModuleLookup {
  readonly directory: string;
  private readonly config: ModprobeConfig;
  private readonly indexes: ModuleIndexes;
  private readonly exists: (path: string) => boolean;
  private problems: string[] = [];
  private readonly pool = new Map<string, Known>();

  constructor({ config, indexes, directory, exists }: LookupInput) {
    this.config = config;
    this.indexes = indexes;
    this.directory = directory;
    this.exists = exists;
  }

  /** kmod_module_new_from_lookup(): empty when there is none, null when the name cannot be one. */
  find(given: string): readonly KmodModule[] | null {
    const name = normalizeAlias(given);
    if (name === null) return null;
    const sources = [
      () => this.fromConfig(name),
      () => this.fromDep(name),
      () => (name.startsWith('symbol:') ? this.byAlias(name, this.indexes.symbols.get(name) ?? []) : []),
      () => this.fromCommands(name),
      () => this.byAlias(name, searchAliases(this.indexes, name)),
      () => this.fromBuiltin(name),
      () => this.byAlias(name, searchBuiltinAliases(this.indexes, name)).map(module => builtIn(module)),
    ];
    for (const source of sources) {
      const found = source();
      if (found.length > 0) return found;
    }
    return [];
  }

  /** kmod_module_new_from_path(): the path as it is shown; null when there is no such file. */
  fromPath(path: string): KmodModule | null {
    return this.newFromPath(path);
  }

  /** kmod_module_get_dependencies(): what is to be loaded first, in order. Without those, if one is not to be had. */
  dependencies(module: KmodModule): readonly KmodModule[] {
    const known = this.known(module);
    if (known.dependencies === null) this.readDependencies(known);
    return known.dependencies ?? [];
  }

  /** kmod_module_get_path(): null for what is built in, and for an alias of nothing. */
  path(module: KmodModule): string | null {
    const known = this.known(module);
    if (known.path === null && known.dependencies === null) this.readDependencies(known);
    return known.path;
  }

  /** kmod_module_get_softdeps(): those of the first pattern that matches. */
  softdeps(module: KmodModule): { readonly pre: readonly KmodModule[]; readonly post: readonly KmodModule[] } {
    const softdep = this.config.softdeps.find(({ modname }) => fnmatch(modname, module.name));
    return { pre: this.findAll(softdep?.pre ?? []), post: this.findAll(softdep?.post ?? []) };
  }

  /** kmod_module_get_options(): of the module and of the alias it was found by; null when there are none. */
  options(module: KmodModule): string | null {
    const found = this.config.options.filter(
      ({ modname, options }) => options !== '' && (modname === module.name || modname === module.alias),
    );
    return found.length === 0 ? null : found.map(({ options }) => options).join(' ');
  }

  installCommand(module: KmodModule): string | null {
    return this.known(module).install ?? firstCommand(this.config.install, module);
  }

  removeCommand(module: KmodModule): string | null {
    return this.known(module).remove ?? firstCommand(this.config.remove, module);
  }

  isBlacklisted(module: KmodModule): boolean {
    return this.config.blacklist.includes(module.name);
  }

  isBuiltin(module: KmodModule): boolean {
    const known = this.known(module);
    return (known.builtin ??= this.indexes.builtin.has(module.name));
  }

  /** Lines of standard error since the last call, as kmod's library writes them. */
  takeProblems(): string[] {
    const { problems } = this;
    this.problems = [];
    return problems;
  }

  private known({ name, alias }: KmodModule): Known {
    const key = alias === null ? name : `${name}\\${alias}`;
    const known = this.pool.get(key);
    if (known) return known;
    const module: Known = { name, alias, path: null, dependencies: null, builtin: null };
    this.pool.set(key, module);
    return module;
  }

  private fromConfig(name: string): Known[] {
    return this.config.aliases.flatMap(alias =>
      fnmatch(alias.name, name) ? [this.known({ name: alias.modname, alias: alias.name })] : [],
    );
  }

  private fromDep(name: string): Known[] {
    if (name.includes(':') || !this.indexes.dep.has(name)) return [];
    const module = this.newFromName(name);
    if (module.dependencies === null) this.readDependencies(module);
    return [module];
  }

  /** A name that only a command knows: the first of those that are no pattern. */
  private fromCommands(name: string): Known[] {
    for (const kind of ['install', 'remove'] as const) {
      const found = this.config[kind].find(({ modname }) => modname === name);
      if (!found) continue;
      const module = this.newFromName(name);
      module[kind] = found.command;
      return [module];
    }
    return [];
  }

  private fromBuiltin(name: string): Known[] {
    return this.indexes.builtin.has(name) ? [builtIn(this.newFromName(name))] : [];
  }

  private byAlias(alias: string, names: readonly string[]): Known[] {
    return names.map(name => this.known({ name, alias }));
  }

  private newFromName(name: string): Known {
    return this.known({ name: normalizeName(name), alias: null });
  }

  private newFromPath(path: string): Known | null {
    if (!this.exists(path)) return null;
    const module = this.newFromName(path.slice(path.lastIndexOf('/') + 1));
    module.path ??= path;
    if (module.path !== path) {
      this.problem(
        `kmod_module '${module.name}' already exists with different path: new-path='${path}' old-path='${module.path}'`,
      );
      return null;
    }
    module.builtin = false;
    return module;
  }

  /** kmod_module_parse_depline(): the last of the line is loaded first. */
  private readDependencies(module: Known): void {
    const line = this.indexes.dep.get(module.name);
    if (line === undefined) return;
    const colon = line.indexOf(':');
    module.path ??= this.absolute(line.slice(0, colon));
    // Set before others are made, as one of them may be this one.
    module.dependencies = [];
    const needed = line
      .slice(colon + 1)
      .split(/[ \t]+/)
      .filter(path => path !== '')
      .map(path => this.newFromPath(this.absolute(path)));
    const found = needed.flatMap(dependency => dependency ?? []);
    // One that is missing takes the others with it.
    if (found.length === needed.length) module.dependencies = found.reverse();
  }

  private absolute(path: string): string {
    return path.startsWith('/') ? path : `${this.directory}/${path}`;
  }

  private findAll(names: readonly string[]): KmodModule[] {
    return names.flatMap(name => {
      const found = this.find(name);
      if (found === null) this.problem(`failed to lookup dependency '${name}', continuing anyway.`);
      return found ?? [];
    });
  }

  private problem(text: string): void {
    this.problems.push(`modprobe: ERROR: ${text}`);
  }
}

function builtIn(module: Known): Known {
  module.builtin = true;
  return module;
}

function firstCommand(commands: readonly Command[], { name }: KmodModule): string | null {
  return commands.find(({ modname }) => fnmatch(modname, name))?.command ?? null;
}
