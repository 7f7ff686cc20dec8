// Every module a distribution ships, each on a machine of its own with what it depends on loaded first.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { getModinfo } from '../../../src/formats/ko/modinfo';
import { readSections } from '../../../src/formats/elf/sectionByName';
import { System, type KernelFacts, type LoadResult } from '../../../src/index';

export interface StockFailure {
  readonly module: string;
  readonly reason: string;
}

export interface StockTreeReport {
  readonly modules: number;
  /** Loads simulated, dependencies included. */
  readonly loads: number;
  readonly failures: readonly StockFailure[];
}

/** Paths of the modules below a directory, of those whose names end so. */
export function listModules(directory: string, end = '.ko'): string[] {
  return readdirSync(directory, { recursive: true })
    .map(String)
    .filter(file => file.endsWith(end))
    .map(file => path.join(directory, file));
}

/** A kernel finds a module by this name, whatever the file is called. */
function nameOf(file: string): string {
  return path.basename(file, '.ko').replaceAll('-', '_');
}

function dependsOf(bytes: Uint8Array): string[] {
  const modinfo = readSections(bytes)?.find('.modinfo');
  const depends = modinfo ? getModinfo(modinfo.bytes, 'depends') : null;
  return depends ? depends.split(',').map(name => name.replaceAll('-', '_')) : [];
}

/** Loads every module of a tree with its dependencies; a warning other than about staging code is a failure too. */
export function loadStockTree(facts: KernelFacts, directory: string): StockTreeReport {
  const files = new Map(listModules(directory).map(file => [nameOf(file), file]));
  const failures: StockFailure[] = [];
  let loads = 0;
  for (const [name, file] of files) {
    const system = new System(facts);
    const seen = new Set<string>();
    const load = (wanted: string): LoadResult | null => {
      const found = files.get(wanted);
      if (found === undefined || seen.has(wanted)) return null;
      seen.add(wanted);
      const bytes = readFileSync(found);
      for (const needed of dependsOf(bytes)) load(needed);
      loads++;
      return system.insmod({ path: found, bytes });
    };
    try {
      const complaint = complaintOf(load(name));
      if (complaint !== null) failures.push({ module: file, reason: complaint });
    } catch (error) {
      failures.push({ module: file, reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
  return { modules: files.size, loads, failures };
}

function complaintOf(result: LoadResult | null): string | null {
  if (result === null) return 'was not loaded';
  if (result.verdict !== 'loads' || result.errno !== 0)
    return `${result.errnoName ?? 'refused'}: ${result.log.map(line => line.text).join('; ')}`;
  const unexpected = result.log.find(({ text }) => !text.includes('is from the staging directory'));
  return unexpected ? `unexpected line: ${unexpected.text}` : null;
}
