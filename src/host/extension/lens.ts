// What the features share: the worker, the modules with their newest reports, and the events that tie them together.
import path from 'node:path';
import * as vscode from 'vscode';
import type { AnalyseRequest } from '../../protocol/analysis';
import type { ViewRequest } from '../../protocol/view';
import type { EditorReport, Method, WorkerEvent, WorkerMethods } from '../../protocol/worker';
import type { BootReport } from '../../report/boot/types';
import { Documents } from '../editor/documents';
import type { ModuleArgument } from '../editor/ids';
import { ModuleStore } from './model/moduleStore';
import { chooseModule } from '../editor/chooseModule';
import { argumentsOf, setting } from '../editor/settings';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import { loadedFor, targetsFor } from './settings';
import { Cancelled } from '../services/cancelled';
import { WorkerClient, type WorkerClientOptions } from './worker/client';

/** Quiet after the last write before a module is read, in milliseconds: linkers write in bursts. */
const QUIET = 20;

export interface PublishedReport {
  readonly path: string;
  /** Undefined when the module is gone. */
  readonly report: EditorReport | undefined;
}

export class Lens implements vscode.Disposable {
  readonly log = vscode.window.createOutputChannel('Insmod Lens Log', { log: true });
  readonly documents = new Documents();
  readonly worker: WorkerClient;
  /** A second worker: reading all modules of a distribution must not delay other requests. */
  readonly graphs: WorkerClient;
  readonly modules: ModuleStore;
  private readonly published = new vscode.EventEmitter<PublishedReport>();
  private readonly workerEvents = new vscode.EventEmitter<WorkerEvent>();
  private readonly runs = new vscode.EventEmitter<number>();
  private readonly simulated = new vscode.EventEmitter<string>();
  private readonly booted = new vscode.EventEmitter<BootReport>();
  private readonly workerOptions: WorkerClientOptions;
  /** Modules that discovery found, of which so many as the setting says are checked. */
  found = 0;
  private busy = 0;
  /** Where sizes of builds are kept; null without a workspace. */
  readonly memory: string | null;
  /** A report is there, or a module went away. */
  readonly onDidPublish = this.published.event;
  readonly onWorkerEvent = this.workerEvents.event;
  /** What a simulation printed. */
  readonly onDidSimulate = this.simulated.event;
  /** What a real kernel answered. */
  readonly onDidBoot = this.booted.event;
  /** How many analyses are under way. */
  readonly onDidChangeBusy = this.runs.event;

  constructor(readonly context: vscode.ExtensionContext) {
    this.memory = context.storageUri ? vscode.Uri.joinPath(context.storageUri, 'builds').fsPath : null;
    const options: WorkerClientOptions = {
      script: vscode.Uri.joinPath(context.extensionUri, 'dist', 'worker.js').fsPath,
      words: vscode.l10n.bundle,
      folders: () => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
      onEvent: (event: WorkerEvent) => this.workerEvents.fire(event),
      log: (line: string) => this.log.error(line),
    };
    this.workerOptions = options;
    this.worker = new WorkerClient(options);
    this.graphs = new WorkerClient(options);
    this.modules = new ModuleStore({
      quiet: QUIET,
      analyse: async (modulePath, knownStamp, signal) => {
        this.runs.fire(++this.busy);
        try {
          return await this.worker.request(
            'analyse',
            { ...this.requestFor(modulePath), memory: this.memory, knownStamp },
            signal,
          );
        } finally {
          this.runs.fire(--this.busy);
        }
      },
      publish: (modulePath, report) => this.published.fire({ path: modulePath, report }),
      onError: (modulePath, error) => {
        if (!(error instanceof Cancelled)) this.log.error(`${modulePath}: ${String(error)}`);
      },
    });
  }

  dispose(): void {
    this.modules.dispose();
    this.worker.dispose();
    this.graphs.dispose();
    this.published.dispose();
    this.workerEvents.dispose();
    this.runs.dispose();
    this.simulated.dispose();
    this.booted.dispose();
    this.documents.dispose();
    this.log.dispose();
  }

  /** Tells listeners what a simulation printed. */
  tellSimulated(transcript: string): void {
    this.simulated.fire(transcript);
  }

  /** Tells listeners what a real kernel answered. */
  tellBooted(report: BootReport): void {
    this.booted.fire(report);
  }

  /** Asks a process that is started for this request alone, and ends with it: what it starts must not outlive the editor. */
  async inProcess<M extends Method>(
    method: M,
    params: WorkerMethods[M]['params'],
    signal: AbortSignal,
    onEvent: (event: WorkerEvent) => void,
  ): Promise<WorkerMethods[M]['result']> {
    const client = new WorkerClient({ ...this.workerOptions, kind: 'process', onEvent });
    try {
      return await client.request(method, params, signal);
    } finally {
      client.dispose();
    }
  }

  /** The request that the settings ask for. */
  requestFor(modulePath: string): AnalyseRequest {
    const uri = vscode.Uri.file(modulePath);
    return {
      path: modulePath,
      targets: targetsFor(uri),
      args: argumentsOf(uri),
      cmdline: setting('cmdline', uri),
      loaded: loadedFor(uri),
      known: this.modules.paths,
    };
  }

  /** What a module's document asks the worker with. */
  viewRequestFor(modulePath: string): ViewRequest {
    return { ...this.requestFor(modulePath), memory: this.memory, withNeeds: true };
  }

  /** Reports of the modules a file belongs to: built from it, or lying beside it when nothing is known of sources. */
  reportsFor(uri: vscode.Uri): EditorReport[] {
    if (uri.scheme !== 'file') return [];
    const file = uri.fsPath;
    const all = this.modules.all();
    const built = all.filter(report => report.path === file || report.sources.includes(file));
    if (built.length > 0) return built;
    const name = path.basename(file).replace(/\.mod\.c$/, '');
    const own = all.filter(report => file.endsWith('.mod.c') && path.basename(report.path).startsWith(`${name}.ko`));
    if (own.length > 0) return own;
    return all.filter(report => path.dirname(report.path) === path.dirname(file));
  }

  /** The module a command is about: the argument, that of the active editor, the only one, or one chosen. */
  async pickModule(argument: ModuleArgument): Promise<string | undefined> {
    if (argument instanceof vscode.Uri) return argument.fsPath;
    if (argument !== undefined && 'modulePath' in argument) return argument.modulePath;
    const active = vscode.window.activeTextEditor?.document.uri;
    const near = active ? this.reportsFor(active).map(report => report.path) : [];
    const candidates = near.length > 0 ? near : this.modules.paths;
    return (await chooseModule(candidates.map(file => vscode.Uri.file(file))))?.fsPath;
  }
}

/** What the kernel calls the module in a file. */
export function moduleName(file: string): string {
  return moduleNameOfPath(vscode.Uri.file(file).path);
}
