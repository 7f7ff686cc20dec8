// modprobe for a module that was built and not installed: as if it, and the modules built beside it, lay in the target's
// modules directory and depmod had run.
import path from 'node:path';
import { readSections } from '../../../formats/elf/sectionByName';
import { emptyConfig, parseConfigFile } from '../../../kmod/config';
import { parseIndexes, type ModuleIndexes } from '../../../kmod/indexes';
import { ModuleLookup, type KmodModule } from '../../../kmod/moduleLookup';
import { normalizeName } from '../../../kmod/names';
import { getModinfo, modinfoValues } from '../../../formats/ko/modinfo';
import { readModule } from '../decompress';
import { readBytesIfThere } from '../files';
import { BuiltModules } from './builtModules';
import { existsFile } from './simulation';

export interface BuiltInput {
  /** The module, absolute. */
  readonly path: string;
  /** Files whose directories are looked through first, and others that are known, absolute. */
  readonly near: readonly string[];
  readonly known: readonly string[];
  /** The target's modules directory; null when it has none. */
  readonly modules: string | null;
}

export interface BuiltLookup {
  readonly lookup: ModuleLookup;
  readonly module: KmodModule;
  /** What modules depend on and is found nowhere. */
  readonly missing: readonly { readonly module: string; readonly needed: string }[];
}

/** Throws InputError for files that cannot be read. Configuration of this machine (modprobe.d) is not asked. */
export async function lookupBuilt(input: BuiltInput): Promise<BuiltLookup> {
  const installed = readInstalled(input.modules);
  const modules = new BuiltModules(input.near, input.known, installed.isIndexed ? null : input.modules);
  const tree = new BuiltTree(modules, installed.indexes);
  await tree.add(input.path);
  const { lines, softdeps, missing } = tree;
  const indexes = parseIndexes({ ...installed.texts, dep: lines.join('') + installed.texts.dep });
  const config = emptyConfig();
  parseConfigFile(config, softdeps.join('') + installed.softdeps, 'modules.softdep');
  const directory = input.modules ?? path.dirname(input.path);
  const lookup = new ModuleLookup({ config, indexes, directory: bytesOf(directory), exists: existsFile });
  const module = lookup.fromPath(bytesOf(input.path)) ?? { name: nameOf(input.path), alias: null };
  return { lookup, module, missing };
}

const bytesOf = (text: string): string => Buffer.from(text).toString('latin1');
const nameOf = (file: string): string => normalizeName(bytesOf(path.basename(file)));

interface Installed {
  /** depmod has run. */
  readonly isIndexed: boolean;
  readonly texts: Readonly<Record<'dep' | 'alias' | 'symbols' | 'builtin' | 'builtinModinfo', string>>;
  readonly indexes: ModuleIndexes;
  readonly softdeps: string;
}

function readInstalled(directory: string | null): Installed {
  const read = (name: string): string => {
    const bytes = directory === null ? null : readBytesIfThere(path.join(directory, name));
    return bytes ? Buffer.from(bytes).toString('latin1') : '';
  };
  const dep = read('modules.dep')
    .split('\n')
    .filter(line => line !== '')
    .map(line => absoluteLine(line, bytesOf(directory ?? '')))
    .join('');
  const texts = {
    dep,
    alias: read('modules.alias'),
    symbols: '',
    builtin: read('modules.builtin'),
    builtinModinfo: '',
  };
  return { isIndexed: dep !== '', texts, indexes: parseIndexes(texts), softdeps: read('modules.softdep') };
}

/** A line of modules.dep whose paths do not depend on where it stands. */
function absoluteLine(line: string, directory: string): string {
  const [file = '', ...needed] = line.split(/:? +/).filter(word => word !== '');
  const absolute = [file.replace(/:$/, ''), ...needed].map(name =>
    name.startsWith('/') ? name : `${directory}/${name}`,
  );
  return depLine(absolute);
}

const depLine = ([file = '', ...needed]: readonly string[]): string => `${file}: ${needed.join(' ')}\n`;

/** What depmod would write of the modules that were built. */
class BuiltTree {
  readonly lines: string[] = [];
  readonly softdeps: string[] = [];
  readonly missing: { module: string; needed: string }[] = [];
  /** What has to be loaded before a file, in order; empty while it is being found out. */
  private readonly known = new Map<string, readonly string[]>();

  constructor(
    private readonly modules: BuiltModules,
    private readonly installed: ModuleIndexes,
  ) {}

  /** Returns what has to be loaded before a file, in order. */
  async add(file: string): Promise<readonly string[]> {
    const known = this.known.get(file);
    if (known) return known;
    this.known.set(file, []);
    const { depends, softdeps } = await readDependencies(file);
    const order = new Set<string>();
    for (const name of depends) {
      const needed = await this.orderOf(name);
      if (!needed) this.missing.push({ module: nameOf(file), needed: name });
      for (const each of needed ?? []) if (each !== file) order.add(each);
    }
    this.known.set(file, [...order]);
    // depmod writes what is loaded first last.
    this.lines.push(depLine([file, ...[...order].reverse()].map(bytesOf)));
    for (const text of softdeps) {
      this.softdeps.push(`softdep ${nameOf(file)} ${text}\n`);
      for (const name of text.split(/[ \t]+/)) if (!/^(?:pre|post):$/.test(name)) await this.orderOf(name);
    }
    return [...order];
  }

  /** A module by name with what it needs first; null when there is none, which may be an alias of something. */
  private async orderOf(name: string): Promise<readonly string[] | null> {
    const built = this.modules.find(name);
    if (built !== null) return [...(await this.add(built)), built];
    const line = this.installed.dep.get(normalizeName(name));
    if (line === undefined) return null;
    const [file = '', ...needed] = line.split(/:? +/).filter(word => word !== '');
    return [...needed.reverse(), file].map(word => Buffer.from(word, 'latin1').toString());
  }
}

async function readDependencies(file: string): Promise<{ depends: readonly string[]; softdeps: readonly string[] }> {
  const { bytes } = await readModule(file);
  const modinfo = readSections(bytes)?.find('.modinfo')?.bytes ?? new Uint8Array();
  const depends = (getModinfo(modinfo, 'depends') ?? '').split(',').filter(name => name !== '');
  return { depends, softdeps: modinfoValues(modinfo, 'softdep') };
}
