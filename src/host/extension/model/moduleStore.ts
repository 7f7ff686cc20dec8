// The modules of a workspace and the newest report of each. Knows neither editor nor threads: both are handed in.
import type { EditorAnswer, EditorReport } from '../../../protocol/worker';
import { Debounce } from './debounce';
import { Turns } from './turns';

export interface StoreOptions {
  /** Analyses one module; rejects when it was cancelled or the worker died. */
  readonly analyse: (path: string, knownStamp: string | null, signal: AbortSignal) => Promise<EditorAnswer>;
  /** A new report, or undefined when the module is gone. */
  readonly publish: (path: string, report: EditorReport | undefined) => void;
  /** A run that did not end in a report. */
  readonly onError: (path: string, error: unknown) => void;
  /** Milliseconds of quiet before a file is read. */
  readonly quiet: number;
}

/** Milliseconds between tries at a file that is still being written. */
const RETRY = 150;
/** How long a file may be absent, in milliseconds. */
const ABSENCE = 300;

export class ModuleStore {
  private readonly reports = new Map<string, EditorReport>();
  private list: readonly EditorReport[] | null = null;
  private readonly known = new Set<string>();
  private readonly turns = new Turns();
  private readonly running = new Map<string, AbortController>();
  /** Modules to be analysed even if their file is the same: a target, a setting or a source changed. */
  private readonly forced = new Set<string>();
  /** Modules that were not there when last looked for. */
  private readonly missing = new Set<string>();
  private readonly debounce: Debounce;

  constructor(private readonly options: StoreOptions) {
    this.debounce = new Debounce(options.quiet, path => void this.run(path));
  }

  get paths(): readonly string[] {
    return [...this.known];
  }

  report(path: string): EditorReport | undefined {
    return this.reports.get(path);
  }

  /** The same list until a report changes. */
  all(): readonly EditorReport[] {
    return (this.list ??= [...this.reports.values()]);
  }

  /** The file may have changed. Tells whether the module is new. */
  touch(path: string): boolean {
    const isNew = !this.known.has(path);
    this.known.add(path);
    this.debounce.touch(path);
    return isNew;
  }

  /** What the module is held against changed, or its sources did. */
  refresh(paths: readonly string[] = this.paths): void {
    for (const path of paths) {
      this.forced.add(path);
      this.touch(path);
    }
  }

  /** The file is gone. */
  remove(path: string): void {
    if (!this.known.delete(path)) return;
    this.debounce.cancel(path);
    this.turns.forget(path);
    this.running.get(path)?.abort();
    this.running.delete(path);
    this.forced.delete(path);
    this.list = null;
    if (this.reports.delete(path)) this.options.publish(path, undefined);
  }

  dispose(): void {
    this.debounce.dispose();
    for (const run of this.running.values()) run.abort();
  }

  private async run(path: string): Promise<void> {
    const turn = this.turns.next(path);
    this.running.get(path)?.abort();
    const abort = new AbortController();
    this.running.set(path, abort);
    const known = this.forced.has(path) ? null : (this.reports.get(path)?.stamp ?? null);
    try {
      const answer = await this.options.analyse(path, known, abort.signal);
      if (this.turns.isLatest(path, turn)) this.accept(path, answer);
    } catch (error) {
      if (this.turns.isLatest(path, turn)) this.options.onError(path, error);
    }
  }

  private accept(path: string, answer: EditorAnswer): void {
    this.running.delete(path);
    if (answer.kind === 'unchanged') return;
    const { report } = answer;
    if (report.failure?.kind === 'changed') {
      this.debounce.touch(path, RETRY);
      return;
    }
    this.forced.delete(path);
    if (report.stamp === 'absent') {
      // Linkers unlink the old file first: only one that stays away is gone.
      if (this.missing.delete(path)) return this.remove(path);
      this.missing.add(path);
      this.debounce.touch(path, ABSENCE);
      return;
    }
    this.missing.delete(path);
    this.list = null;
    this.reports.set(path, report);
    this.options.publish(path, report);
  }
}
