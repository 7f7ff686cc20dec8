// What was read of all modules of a target, kept in memory and brought up to date in the background.
import { note, type Note } from '../../findings/notes';
import { statSync, type Stats } from 'node:fs';
import { stampOfStat } from './files';
import { deriveFeatures } from '../../linux/deriveFeatures';
import type { KernelFacts } from '../../target/types';
import { KernelSymbols } from '../../graph/kernelSymbols';
import { ModuleGraph } from '../../graph/moduleGraph';
import { readModuleSymbols } from '../../graph/readModule';
import { SymbolNames } from '../../formats/ko/symbolNames';
import type { GraphModule, ModuleSymbols } from '../../graph/types';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import { InputError, inputError } from './files';
import { readGraphFile } from './graphFile';
import { listModuleFiles } from './moduleFiles';
import { Pacer } from './pacer';

export interface GraphProgress {
  /** Module files that are known now, and how many there are as far as they were found. */
  readonly read: number;
  readonly total: number;
}

export interface UnreadableModule {
  readonly path: string;
  readonly reason: Note;
}

/** A file as it was read; `symbols` is null when it could not be. */
interface FileEntry {
  readonly stamp: string;
  readonly symbols: ModuleSymbols | null;
  readonly reason: Note | null;
}

/** Milliseconds between two reports of progress. */
const REPORT_EVERY = 100;

export class GraphIndex {
  private readonly names = new SymbolNames();
  private readonly files = new Map<string, FileEntry>();
  /** Modules given by the caller, before those of the directory. */
  private given: readonly string[] = [];
  /** null until the directory was listed. */
  private listed: readonly string[] | null = null;
  private kernel: { readonly facts: KernelFacts; readonly symbols: KernelSymbols } | null = null;
  private graph: ModuleGraph | null = null;

  /** @param directory the target's modules; null for a target without them, as a snapshot is */
  constructor(private readonly directory: string | null) {}

  get progress(): GraphProgress {
    const paths = this.paths();
    let read = 0;
    for (const path of paths) if (this.files.has(path)) read++;
    return { read, total: paths.size };
  }

  /** Whether every module was read at least once. */
  get complete(): boolean {
    const { read, total } = this.progress;
    return (this.directory === null || this.listed !== null) && read === total;
  }

  /** Files that could not be read, by path. */
  get unreadable(): UnreadableModule[] {
    return [...this.paths()].sort().flatMap(path => {
      const reason = this.files.get(path)?.reason ?? null;
      return reason === null ? [] : [{ path, reason }];
    });
  }

  /** Modules that stand before those of the directory, the first of a name before the others. */
  setGiven(paths: readonly string[]): void {
    if (areEqual(paths, this.given)) return;
    this.given = [...paths];
    this.graph = null;
  }

  /** Finds the files of the directory; a later call, what came and went since. Returns whether there is any change. */
  async list(signal?: AbortSignal): Promise<boolean> {
    if (this.directory === null) return false;
    const found = await listModuleFiles(this.directory, new Pacer(), signal ? { signal } : {});
    if (signal?.aborted || (this.listed && areEqual(found, this.listed))) return false;
    this.listed = found;
    this.graph = null;
    const paths = this.paths();
    for (const path of this.files.keys()) if (!paths.has(path)) this.files.delete(path);
    return true;
  }

  /**
   * Reads the files that were not read yet or changed since, those given first. Never throws because of a file: it is
   * listed as unreadable then. Others get their turn meanwhile, and see in the graph what was read so far.
   *
   * @param report is told now and then of progress, if there is something to read
   * @param paths of these only; all that are given or listed when left out
   * @returns whether anything was read
   */
  async read(
    report: (progress: GraphProgress) => void,
    signal?: AbortSignal,
    paths: Iterable<string> = this.paths(),
  ): Promise<boolean> {
    const pacer = new Pacer();
    let reported = performance.now();
    let news = false;
    for (const path of paths) {
      if (signal?.aborted) break;
      if (await this.readFile(path)) news = true;
      await pacer.breathe();
      if (!news || performance.now() - reported < REPORT_EVERY) continue;
      report(this.progress);
      reported = performance.now();
    }
    return news;
  }

  /** Reads one file unless it is still the one that was read; whether it did. Does not throw because of the file. */
  async readFile(path: string): Promise<boolean> {
    const stat = statOf(path);
    const stamp = stat ? stampOfStat(stat) : 'absent';
    if (this.files.get(path)?.stamp === stamp) return false;
    let entry: FileEntry;
    try {
      // Opening a pipe would wait for whoever writes to it.
      if (stat && !stat.isFile()) throw new InputError(path, note('no-regular-file'));
      const module = await readGraphFile(path);
      entry = { stamp, symbols: readModuleSymbols(module, this.names), reason: null };
    } catch (error) {
      const { reason } = inputError(path, error);
      // What is wrong, without the path, which stands beside it.
      const { path: file, reason: what } = reason.facts;
      entry = { stamp, symbols: null, reason: file === path && typeof what === 'object' ? what : reason };
    }
    this.files.set(path, entry);
    this.graph = null;
    return true;
  }

  /** The graph of what was read so far, on that kernel. */
  graphOn(facts: KernelFacts): ModuleGraph {
    if (this.kernel?.facts !== facts) {
      this.kernel = { facts, symbols: new KernelSymbols(facts.exports, this.names) };
      this.graph = null;
    }
    return (this.graph ??= new ModuleGraph({
      names: this.names,
      kernel: this.kernel.symbols,
      features: deriveFeatures(facts),
      modules: [...this.paths()].map(path => this.moduleAt(path)),
    }));
  }

  private moduleAt(path: string): GraphModule {
    const symbols = this.files.get(path)?.symbols ?? null;
    return { name: symbols?.name || moduleNameOfPath(path), path, symbols };
  }

  private paths(): Set<string> {
    return new Set([...this.given, ...(this.listed ?? [])]);
  }
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    // Opening the file says why.
    return null;
  }
}

const areEqual = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((path, i) => path === b[i]);
