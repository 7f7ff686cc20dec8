// One open document of a module: relays between the webview, which draws, and the worker, which knows.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type {
  FromView,
  GraphScope,
  Tab,
  TargetSummary,
  ToView,
  ViewMethod,
  ViewMethods,
  ViewRequest,
} from '../../protocol/view';
import { fromViewSchema, paramsSchemas } from '../../protocol/viewMessages';
import { MODULE_EDITOR } from './ids';
import { moduleName, type Lens } from './lens';
import { pageHtml } from './model/pageHtml';
import { merged, usersInGraph, usersOf } from './model/users';
import { Cancelled } from './worker/client';
import { sayError, t } from './model/l10n';

/** Nodes of a graph that can still be told apart. */
const MOST_NODES = 120;
/** Nobody draws these. */
const ALL_USERS = 20_000;

export class ModulePanel implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly abort = new AbortController();
  /** What the page was asked to show and has not shown: an editor that moves has its page loaded anew. */
  private readonly asked: ToView[] = [];
  private withNeeds = false;
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
    private readonly panel: vscode.WebviewPanel,
  ) {
    const { webview } = panel;
    const root = vscode.Uri.joinPath(lens.context.extensionUri, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [root] };
    this.subscriptions.push(
      webview.onDidReceiveMessage(message => this.receive(message)),
      lens.onDidPublish(({ path: published }) => {
        if (published === this.file.fsPath || this.usersChanged()) this.tell({ kind: 'changed' });
      }),
      lens.onWorkerEvent(event => {
        // Of another target: asking again because of it would stop the reading of that one.
        if (event.kind !== 'graph-progress' || event.path !== (this.graphTarget ?? event.path)) return;
        const { read, total } = event;
        this.tell({ kind: 'graph-progress', read, total });
        if (read === total && this.usersAwaited) void this.findStockUsers().catch(() => undefined);
      }),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration('insmodLens', file)) this.tell({ kind: 'changed' });
      }),
    );
    const resource = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
    webview.html = pageHtml({
      title: vscode.workspace.asRelativePath(file),
      script: resource('main.js'),
      style: resource('main.css'),
      cspSource: webview.cspSource,
      nonce: randomBytes(18).toString('base64'),
      language: vscode.env.language,
      words: vscode.l10n.bundle,
    });
    // Asked for before the page can ask: by then the module has been read and laid out.
    void this.answer('summary', {}).catch(() => undefined);
    void this.answer('layout', { target: 0 }).catch(() => undefined);
  }

  dispose(): void {
    this.abort.abort();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  showTab(tab: Tab): void {
    this.ask({ kind: 'show-tab', tab });
  }

  reveal(section: string, symbol: string): void {
    this.ask({ kind: 'reveal', section, symbol });
  }

  private ask(message: ToView): void {
    this.asked.push(message);
    this.tell(message);
  }

  private tell(message: ToView): void {
    void this.panel.webview.postMessage(message);
  }

  private receive(message: unknown): void {
    const parsed = v.safeParse(fromViewSchema, message);
    if (!parsed.success) {
      this.lens.log.warn(`a message of the module view was not understood: ${v.summarize(parsed.issues)}`);
      return;
    }
    void this.obey(parsed.output).catch((error: unknown) => {
      if (error instanceof Cancelled) return;
      void vscode.window.showErrorMessage(sayError(error));
    });
  }

  private async obey(message: FromView): Promise<void> {
    switch (message.kind) {
      case 'ready':
        for (const message of this.asked) this.tell(message);
        return;
      case 'obeyed':
        this.asked.shift();
        return;
      case 'request':
        return this.reply(message.id, message.method, message.params);
      case 'open-source':
        return this.openSource(message.subject);
      case 'open-module':
        await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(message.path), MODULE_EDITOR);
        return;
      case 'select-targets':
        await vscode.commands.executeCommand('insmodLens.selectTargets');
        return;
      case 'with-needs':
        if (this.withNeeds === message.on) return;
        this.withNeeds = message.on;
        return this.tell({ kind: 'changed' });
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'save':
        return this.save(message.name, message.data);
    }
  }

  private async reply(id: number, method: ViewMethod, params: unknown): Promise<void> {
    try {
      this.tell({ kind: 'answer', id, ok: true, value: await this.answer(method, params) });
    } catch (error) {
      if (error instanceof Cancelled) return;
      this.tell({ kind: 'answer', id, ok: false, reason: sayError(error) });
    }
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
    if (this.usersChanged()) this.tell({ kind: 'changed' });
  }

  /** Another module of the workspace was built that uses what this one exports, or no longer does. */
  private usersChanged(): boolean {
    return this.exported.length > 0 && JSON.stringify(this.findUsers()) !== JSON.stringify(this.users);
  }

  private request(): ViewRequest {
    return { ...this.lens.viewRequestFor(this.file.fsPath), withNeeds: this.withNeeds };
  }

  private async answer(method: ViewMethod, params: unknown): Promise<ViewMethods[ViewMethod]['result']> {
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

  private async openSource(subject: Extract<FromView, { kind: 'open-source' }>['subject']): Promise<void> {
    const place = await this.lens.worker.request(
      'locateSubject',
      { request: this.request(), subject },
      this.abort.signal,
    );
    if (!place) {
      void vscode.window.showInformationMessage(
        t(
          'No source line is known for {0}: its source is not here, or the module was built without debug information.',
          subject.name,
        ),
      );
      return;
    }
    const at = new vscode.Position(place.line - 1, place.column - 1);
    await vscode.window.showTextDocument(vscode.Uri.file(place.file), { selection: new vscode.Range(at, at) });
  }

  /** Where the person says; nothing is written without being asked. */
  private async save(name: string, data: Uint8Array): Promise<void> {
    const chosen = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(vscode.Uri.file(path.dirname(this.file.fsPath)), name),
    });
    if (chosen) await vscode.workspace.fs.writeFile(chosen, data);
  }
}
