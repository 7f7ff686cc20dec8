// One open document of a module, answered by the worker.
import * as v from 'valibot';
import type * as vscode from 'vscode';
import type { SourceLocation } from '../../findings/types';
import type { GraphScope, SourceSubject, TargetSummary, ViewMethod, ViewRequest } from '../../protocol/view';
import { paramsSchemas } from '../../protocol/viewMessages';
import { ModulePage, type PageSource, type ViewAnswer } from '../editor/modulePage';
import { moduleName, type Lens } from './lens';
import { merged, usersInGraph, usersOf } from './model/users';

/** Nodes of a graph that can still be told apart. */
const MOST_NODES = 120;
/** Nobody draws these. */
const ALL_USERS = 20_000;

export class ModulePanel implements PageSource, vscode.Disposable {
  readonly page: ModulePage;
  private readonly subscriptions: vscode.Disposable[];
  private readonly abort = new AbortController();
  private withNeeds = true;
  /** Those of the summary sent last: what requests count in. */
  private targets: readonly TargetSummary[] = [];
  /** Names the module exports and who uses each, as the page was told. */
  private exported: readonly string[] = [];
  private users: readonly (readonly string[])[] = [];
  /** By exported name, users among the target's own modules, as far as they were read. */
  private stockUsers: ReadonlyMap<string, readonly string[]> = new Map();
  /** Not all modules had been read when they were looked for. */
  private usersAwaited = false;
  /** Path of the target whose modules were asked about last; null for that of the module itself. */
  private graphTarget: string | null = null;

  constructor(
    private readonly lens: Lens,
    private readonly file: vscode.Uri,
    panel: vscode.WebviewPanel,
  ) {
    this.page = new ModulePage(lens.context.extensionUri, file, panel, this);
    this.subscriptions = [
      this.page,
      lens.onDidPublish(({ path: published }) => {
        if (published === this.file.fsPath || this.usersChanged()) this.page.tell({ kind: 'changed' });
      }),
      lens.onWorkerEvent(event => {
        // Of another target: asking again because of it would stop the reading of that one.
        if (event.kind !== 'graph-progress' || event.path !== (this.graphTarget ?? event.path)) return;
        const { read, total } = event;
        this.page.tell({ kind: 'graph-progress', read, total });
        if (read === total && this.usersAwaited) void this.findStockUsers().catch(() => undefined);
      }),
    ];
    // Asked for before the page can ask: by then the module has been read and laid out.
    void this.answer('summary', {}).catch(() => undefined);
    void this.answer('layout', { target: 0 }).catch(() => undefined);
  }

  dispose(): void {
    this.abort.abort();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  refresh({ withNeeds = this.withNeeds }: { readonly withNeeds?: boolean }): void {
    this.withNeeds = withNeeds;
  }

  locate(subject: SourceSubject): Promise<SourceLocation | null> {
    return this.lens.worker.request('locateSubject', { request: this.request(), subject }, this.abort.signal);
  }

  private findUsers(): string[][] {
    const near = usersOf(this.lens.modules.all(), moduleName(this.file.fsPath), this.exported);
    return near.map((users, i) => merged(users, this.stockUsers.get(this.exported[i] ?? '') ?? []));
  }

  /** Among thousands of modules users are found while the page shows those of the workspace. */
  private async findStockUsers(): Promise<void> {
    const target = this.targets.findIndex(({ path: known }) => known === this.graphTarget);
    const scope = this.scopeOf(Math.max(0, target));
    const request = { ...scope, depth: 1, direction: 'users', limit: ALL_USERS } as const;
    const graph = await this.lens.graphs.request('graph', request, this.abort.signal);
    this.usersAwaited = !graph.complete;
    this.stockUsers = usersInGraph(graph);
    if (this.usersChanged()) this.page.tell({ kind: 'changed' });
  }

  /** Another module of the workspace was built that uses what this one exports, or no longer does. */
  private usersChanged(): boolean {
    return this.exported.length > 0 && JSON.stringify(this.findUsers()) !== JSON.stringify(this.users);
  }

  private request(): ViewRequest {
    return { ...this.lens.viewRequestFor(this.file.fsPath), withNeeds: this.withNeeds };
  }

  async answer(method: ViewMethod, params: unknown): Promise<ViewAnswer> {
    const request = this.request();
    const { worker } = this.lens;
    const { signal } = this.abort;
    switch (method) {
      case 'summary': {
        const summary = await worker.request('viewSummary', request, signal);
        this.targets = summary.targets;
        return summary;
      }
      case 'tables': {
        const tables = await worker.request('viewTables', request, signal);
        this.exported = tables.exports.map(({ name }) => name);
        this.users = this.findUsers();
        if (this.exported.length > 0 && this.stockUsers.size === 0) void this.findStockUsers().catch(() => undefined);
        return { ...tables, users: this.users };
      }
      case 'layout':
        return worker.request('viewLayout', { request, ...v.parse(paramsSchemas.layout, params) }, signal);
      case 'steps':
        return worker.request('viewSteps', { request, ...v.parse(paramsSchemas.steps, params) }, signal);
      case 'relocation':
        return worker.request('viewRelocation', { request, ...v.parse(paramsSchemas.relocation, params) }, signal);
      case 'graph': {
        const { target, focus, ...way } = v.parse(paramsSchemas.graph, params);
        const scope = this.scopeOf(target);
        const middle = focus === null ? {} : { path: null, name: focus };
        return this.lens.graphs.request('graph', { ...scope, ...middle, ...way, limit: MOST_NODES }, signal);
      }
      case 'graphOverview':
        return this.lens.graphs.request(
          'graphOverview',
          this.scopeOf(v.parse(paramsSchemas.graphOverview, params).target),
          signal,
        );
    }
  }

  /** The modules a graph is made of: those of a target of the summary, and those of the workspace. */
  private scopeOf(target: number): GraphScope {
    const choice = this.targets[target];
    this.graphTarget = choice?.path ?? null;
    return {
      target: choice ? { path: choice.path } : null,
      path: this.file.fsPath,
      known: this.lens.modules.paths,
    };
  }
}
