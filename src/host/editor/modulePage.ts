// The page of one module's document: draws what its source answers, and asks for what only an editor can do.
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { SourceLocation } from '../../findings/types';
import type { FromView, SourceSubject, Tab, ToView, ViewMethod, ViewMethods } from '../../protocol/view';
import { fromViewSchema } from '../../protocol/viewMessages';
import { sayError, t } from '../extension/model/l10n';
import { Cancelled } from '../services/cancelled';
import { tellFailure } from './failures';
import { MODULE_EDITOR, SECTION } from './ids';
import { uriNear } from './uris';
import { webviewPage } from './webviewPage';

export type ViewAnswer = ViewMethods[ViewMethod]['result'];

/** What a host knows of the module. */
export interface PageSource {
  answer(method: ViewMethod, params: unknown): Promise<ViewAnswer>;
  /** Null for what has no place in a source that is there. */
  locate(subject: SourceSubject): Promise<SourceLocation | null>;
  /** Settings changed, or what the module depends on is to be loaded first: answers given before are old. */
  refresh(change: { readonly withNeeds?: boolean }): void;
}

export class ModulePage implements vscode.Disposable {
  /** What the page was asked to show and has not shown: an editor that moves has its page loaded anew. */
  private readonly asked: ToView[] = [];
  private withNeeds = true;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    extension: vscode.Uri,
    private readonly file: vscode.Uri,
    private readonly panel: vscode.WebviewPanel,
    private readonly source: PageSource,
  ) {
    const { webview } = panel;
    const root = vscode.Uri.joinPath(extension, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [root] };
    this.subscriptions = [
      webview.onDidReceiveMessage((message: unknown) => {
        const parsed = v.safeParse(fromViewSchema, message);
        if (parsed.success) this.obey(parsed.output).catch(tellFailure);
      }),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration(SECTION, file)) this.refresh({});
      }),
    ];
    webview.html = webviewPage(webview, root, { title: vscode.workspace.asRelativePath(file) });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  showTab(tab: Tab): void {
    this.ask({ kind: 'show-tab', tab });
  }

  reveal(section: string, symbol: string): void {
    this.ask({ kind: 'reveal', section, symbol });
  }

  /** Has everything asked for again. */
  refresh(change: { readonly withNeeds?: boolean }): void {
    this.source.refresh(change);
    this.tell({ kind: 'changed' });
  }

  tell(message: ToView): void {
    void this.panel.webview.postMessage(message);
  }

  private ask(message: ToView): void {
    this.asked.push(message);
    this.tell(message);
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
        await vscode.commands.executeCommand('vscode.openWith', uriNear(this.file, message.path), MODULE_EDITOR);
        return;
      case 'select-targets':
        await vscode.commands.executeCommand('insmodLens.selectTargets');
        return;
      case 'with-needs':
        if (this.withNeeds === message.on) return;
        this.withNeeds = message.on;
        return this.refresh({ withNeeds: message.on });
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'save':
        return this.save(message.name, message.data);
    }
  }

  private async reply(id: number, method: ViewMethod, params: unknown): Promise<void> {
    try {
      this.tell({ kind: 'answer', id, ok: true, value: await this.source.answer(method, params) });
    } catch (error) {
      if (!(error instanceof Cancelled)) this.tell({ kind: 'answer', id, ok: false, reason: sayError(error) });
    }
  }

  private async openSource(subject: SourceSubject): Promise<void> {
    const place = await this.source.locate(subject);
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
    await vscode.window.showTextDocument(uriNear(this.file, place.file), { selection: new vscode.Range(at, at) });
  }

  /** Where the person says; nothing is written without being asked. */
  private async save(name: string, data: Uint8Array): Promise<void> {
    const chosen = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(this.file, '..', name) });
    if (chosen) await vscode.workspace.fs.writeFile(chosen, data);
  }
}
