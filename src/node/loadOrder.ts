// What has to be loaded before a module, by what the modules say of themselves, found beside it or among the target's.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { readSections } from '../core/elf/sectionByName';
import { getModinfo } from '../core/ko/modinfo';
import { moduleNameOfPath } from '../core/report/result';
import { readModule } from './decompress';
import { readTextIfReadable } from './files';
import { MODULE_FILE } from './moduleFiles';

/**
 * Dependencies first, each once, the module itself last.
 *
 * @param notes gets a sentence for each dependency that was not found
 */
export async function loadOrder(file: string, finder: ModuleFinder, notes: string[]): Promise<string[]> {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = async (current: string): Promise<void> => {
    if (seen.has(current)) return;
    seen.add(current);
    for (const name of await dependsOf(current)) {
      const found = finder.find(name);
      if (found) await visit(found);
      else
        notes.push(
          `${moduleNameOfPath(current)} depends on ${name}, which was found neither beside it nor among the target's modules.`,
        );
    }
    order.push(current);
  };
  await visit(file);
  return order;
}

async function dependsOf(file: string): Promise<string[]> {
  const { bytes } = await readModule(file);
  const modinfo = readSections(bytes)?.find('.modinfo')?.bytes ?? new Uint8Array();
  return (getModinfo(modinfo, 'depends') ?? '').split(',').filter(name => name !== '');
}

/** Files of modules by name: near ones first, then those of the workspace, then the target's own. */
export class ModuleFinder {
  private installed: Map<string, string> | null = null;

  constructor(
    private readonly near: readonly string[],
    private readonly known: readonly string[],
    private readonly modules: string | null,
  ) {}

  find(name: string): string | null {
    const wanted = name.replaceAll('-', '_');
    const beside = this.near
      .flatMap(file => [file, ...this.siblings(file)])
      .find(file => moduleNameOfPath(file) === wanted);
    this.installed ??= this.readInstalled();
    const known = this.known.find(file => moduleNameOfPath(file) === wanted);
    return beside ?? known ?? this.installed.get(wanted) ?? null;
  }

  private siblings(file: string): string[] {
    const directory = path.dirname(file);
    try {
      return readdirSync(directory)
        .filter(name => MODULE_FILE.test(name))
        .map(name => path.join(directory, name));
    } catch {
      return [];
    }
  }

  /** By modules.dep or modules.order where there is one, else by going through the directory. */
  private readInstalled(): Map<string, string> {
    const found = new Map<string, string>();
    const directory = this.modules;
    if (directory === null) return found;
    const add = (file: string): unknown => found.set(moduleNameOfPath(file), path.join(directory, file));
    const dep = readTextIfReadable(path.join(directory, 'modules.dep')) ?? '';
    if (dep !== '') for (const line of dep.split('\n')) add(line.slice(0, line.indexOf(':')));
    else for (const file of listBelow(directory)) add(file);
    return found;
  }
}

function listBelow(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(name => MODULE_FILE.test(name));
  } catch {
    return [];
  }
}
