// The indexes depmod makes, as modprobe searches them (libkmod/libkmod-index.c). All text is byte strings.
import { moduleNameOfPath } from '../formats/ko/moduleName';
import { fnmatch } from './fnmatch';
import { normalizeAlias } from './names';

/** Texts of the files; missing ones are empty. */
export interface IndexTexts {
  readonly dep: string;
  readonly alias: string;
  readonly symbols: string;
  readonly builtin: string;
  /** modules.builtin.modinfo */
  readonly builtinModinfo: string;
}

export interface AliasEntry {
  /** A pattern, normalised. */
  readonly key: string;
  readonly modname: string;
}

/** A pattern to search by: up to its first wildcard it is compared char by char, whatever it holds. */
interface SearchEntry extends AliasEntry {
  readonly literal: string;
  /** For fnmatch(3); empty when there is no wildcard. */
  readonly pattern: string;
}

export interface ModuleIndexes {
  /** Lines of modules.dep by the name of the module; the first of a name counts. */
  readonly dep: ReadonlyMap<string, string>;
  /** In the order of the modules. */
  readonly aliases: readonly SearchEntry[];
  /** By `symbol:NAME`. */
  readonly symbols: ReadonlyMap<string, readonly string[]>;
  readonly builtin: ReadonlySet<string>;
  readonly builtinAliases: readonly SearchEntry[];
}

export function parseIndexes({ dep, alias, symbols, builtin, builtinModinfo }: IndexTexts): ModuleIndexes {
  const byName = new Map<string, string>();
  for (const line of lines(dep)) {
    const name = moduleNameOfPath(line.slice(0, Math.max(0, line.indexOf(':'))));
    if (!byName.has(name)) byName.set(name, line);
  }
  const bySymbol = new Map<string, string[]>();
  for (const { key, modname } of aliasLines(symbols)) {
    const owners = bySymbol.get(key);
    if (owners) owners.push(modname);
    else bySymbol.set(key, [modname]);
  }
  return {
    dep: byName,
    aliases: normalized(aliasLines(alias)),
    symbols: bySymbol,
    builtin: new Set(lines(builtin).map(moduleNameOfPath)),
    builtinAliases: normalized(builtinAliasEntries(builtinModinfo)),
  };
}

const lines = (text: string): string[] => text.split('\n').filter(line => line !== '' && !line.startsWith('#'));

/** `alias KEY MODULE`; the key may hold blanks. */
function aliasLines(text: string): AliasEntry[] {
  return lines(text).flatMap(line => {
    const last = line.lastIndexOf(' ');
    return line.startsWith('alias ') && last > 5 ? [{ key: line.slice(6, last), modname: line.slice(last + 1) }] : [];
  });
}

/** Entries `MODULE.alias=KEY`, each ended by a NUL (tools/depmod.c, output_builtin_alias_bin()). */
function builtinAliasEntries(text: string): AliasEntry[] {
  return text.split('\0').flatMap(entry => {
    const dot = entry.indexOf('.');
    const value = entry.startsWith('alias=', dot + 1) ? entry.slice(dot + 7) : '';
    return dot > 0 && value !== '' ? [{ key: value, modname: entry.slice(0, dot) }] : [];
  });
}

/** Patterns whose brackets do not match are left out. */
function normalized(entries: readonly AliasEntry[]): SearchEntry[] {
  return entries.flatMap(({ key, modname }) => {
    const normal = normalizeAlias(key);
    if (normal === null) return [];
    const wildcard = normal.search(/[*?[]/);
    const end = wildcard < 0 ? normal.length : wildcard;
    return [{ key: normal, modname, literal: normal.slice(0, end), pattern: normal.slice(end) }];
  });
}

/** Modules with an alias that matches, one for each such alias: in the order of the modules. */
export function searchAliases(index: ModuleIndexes, name: string): string[] {
  return index.aliases.flatMap(entry => (matches(entry, name) ? [entry.modname] : []));
}

/**
 * The same for what is built in. All of these have one priority, so that the order is that in which the search comes upon
 * the keys, turned around.
 */
export function searchBuiltinAliases(index: ModuleIndexes, name: string): string[] {
  const found = index.builtinAliases.filter(entry => matches(entry, name));
  return found.sort((a, b) => searchOrder(b, a)).map(entry => entry.modname);
}

/** index_mm_searchwild_node(). A name is taken to hold no wildcards itself. */
function matches({ literal, pattern }: SearchEntry, name: string): boolean {
  if (pattern === '') return literal === name;
  return name.startsWith(literal) && fnmatch(pattern, name.slice(literal.length));
}

/** Keys with the earlier wildcard come first; below it a node comes behind its children. */
function searchOrder(a: SearchEntry, b: SearchEntry): number {
  if (a.literal.length !== b.literal.length) return a.literal.length - b.literal.length;
  // U+FFFF stands for the end of a key and is greater than any byte.
  return a.key === b.key ? 0 : `${a.key}\uffff` < `${b.key}\uffff` ? -1 : 1;
}
