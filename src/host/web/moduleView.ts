// What is said of a module, from its bytes and snapshots alone: no sources, no other modules but those loaded before.
import { openObject } from '../../formats/ko/objectFile';
import type { ModuleSummary, ModuleTables } from '../../protocol/view';
import type { EditorReport } from '../../protocol/worker';
import type { ParamResult } from '../../report/types';
import type { TracedLoad } from '../../report/view/tracedLoad';
import { CoreSystem } from '../../system';
import { t } from '../extension/model/l10n';
import { summaryOf, tablesOf } from '../services/moduleDocument';
import { editorReport, NOWHERE, reportOf, type OpenTarget, type OpenTargets } from '../services/reportParts';

/** Signatures need a library that browsers lack: such checks are said not to be made. */
const TOOLS = { verifyPkcs7: null };

export interface WebModule {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly fileSize: number;
}

/** How a module is loaded. */
export interface Loading {
  readonly args: string;
  /** Of the kernel. */
  readonly cmdline: string;
  /** Modules that are loaded before, in order. */
  readonly loaded: readonly WebModule[];
}

export class ModuleView {
  private readonly walks = new Map<number, TracedLoad>();
  private reported: EditorReport | null = null;
  /** Another for each reading of the file. */
  private readonly stamp = crypto.randomUUID();

  constructor(
    readonly module: WebModule,
    private readonly targets: OpenTargets,
    private readonly loading: Loading,
  ) {}

  /** Throws a reason for people where there is no such target. */
  walk(target: number): TracedLoad {
    const chosen = this.targets.opened[target];
    if (!chosen) throw new Error(t('There is no snapshot of a kernel here to check the module against.'));
    const walked =
      this.walks.get(target) ?? this.boot(chosen, this.loading.cmdline).trace(this.module, this.loading.args);
    this.walks.set(target, walked);
    return walked;
  }

  summary(): ModuleSummary {
    const { path, bytes, fileSize } = this.module;
    const results = this.targets.opened.map(({ choice }, i) => ({ path: choice.path, result: this.walk(i).result }));
    const { missingTargets } = this.targets;
    const about = { path, stamp: this.stamp, fileSize, failure: null, needsFindable: false, missingTargets };
    return summaryOf({ ...about, bytes, results });
  }

  async tables(): Promise<ModuleTables> {
    const report = this.report();
    const tables = await tablesOf(report, i => this.defaults(i, report.results[i]?.result.params ?? []));
    return { ...tables, users: tables.exports.map(() => []) };
  }

  /** As an editor with files would have it, without a place for anything. */
  report(): EditorReport {
    this.reported ??= this.makeReport();
    return this.reported;
  }

  private makeReport(): EditorReport {
    const { path, bytes } = this.module;
    const results = this.targets.opened.map((_, i) => this.walk(i).result);
    return editorReport(reportOf({ path, object: openObject(bytes), ...this.targets, results }, NOWHERE), this.stamp);
  }

  /** Values without arguments; the command line of the kernel has arguments for modules, too. */
  private defaults(target: number, params: readonly ParamResult[]): readonly ParamResult[] {
    const { args, cmdline } = this.loading;
    const chosen = this.targets.opened[target];
    return !chosen || (args === '' && cmdline === '') ? params : this.boot(chosen, '').insmod(this.module).params;
  }

  private boot({ facts }: OpenTarget, cmdline: string): CoreSystem {
    const system = new CoreSystem(facts, { cmdline }, TOOLS);
    for (const module of this.loading.loaded) system.insmod(module);
    return system;
  }
}
