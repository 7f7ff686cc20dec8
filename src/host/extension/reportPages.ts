// Pages that show one answer beside the sources: one panel for each subject, drawn anew with each answer.
import * as v from 'valibot';
import * as vscode from 'vscode';
import {
  fromPageSchema,
  keptPageSchema,
  type FromPage,
  type KeptPage,
  type PageAction,
  type PagePlace,
  type PageSubject,
  type ToPage,
} from '../../protocol/pages';
import { tellFailure } from '../editor/failures';
import { REPORT_PAGES } from '../editor/ids';
import { webviewPage } from '../editor/webviewPage';

export interface ShownPage<S extends PageSubject> extends KeptPage {
  readonly title: string;
  readonly subject: S;
}

/** What the pages of one kind are good for. */
export interface PageActions<S extends PageSubject> {
  readonly kind: S['kind'];
  /** Tells the subject from others. */
  readonly key: (subject: S) => string;
  readonly act: (subject: S, action: PageAction) => unknown;
  /** A click on a cell of a matrix. */
  readonly cell?: (subject: S, row: number, column: number) => unknown;
}

export class ReportPages<S extends PageSubject> implements vscode.Disposable {
  private readonly panels = new Map<string, Panel<S>>();
  private readonly serializer: vscode.Disposable;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly actions: PageActions<S>,
  ) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(REPORT_PAGES[actions.kind], {
      deserializeWebviewPanel: (panel, state) => Promise.resolve(this.revive(panel, state)),
    });
  }

  dispose(): void {
    this.serializer.dispose();
    for (const { panel } of this.panels.values()) panel.dispose();
  }

  show(shown: ShownPage<S>): void {
    const known = this.panels.get(this.actions.key(shown.subject));
    if (known) {
      known.show(shown);
      known.panel.reveal(undefined, true);
      return;
    }
    const where = { viewColumn: vscode.ViewColumn.Active, preserveFocus: false };
    this.adopt(vscode.window.createWebviewPanel(REPORT_PAGES[this.actions.kind], shown.title, where, KEEPS), shown);
  }

  /** A page of the window as it was before it was loaded anew. */
  private revive(panel: vscode.WebviewPanel, state: unknown): void {
    const parsed = v.safeParse(keptPageSchema, state);
    const subject = parsed.success ? parsed.output.subject : null;
    // Of another version, or closed before it was drawn: there is nothing to show.
    if (!parsed.success || !isOf(this.actions, subject)) panel.dispose();
    else this.adopt(panel, { title: panel.title, page: parsed.output.page, subject });
  }

  private adopt(panel: vscode.WebviewPanel, shown: ShownPage<S>): void {
    const key = this.actions.key(shown.subject);
    this.panels.set(key, new Panel(this.extension, panel, this.actions, shown));
    panel.onDidDispose(() => this.panels.delete(key));
  }
}

// So that a page is where it was, with its filter, after another editor was in front.
const KEEPS = { retainContextWhenHidden: true };

const isOf = <S extends PageSubject>({ kind }: PageActions<S>, subject: PageSubject | null): subject is S =>
  subject?.kind === kind;

/** Opens a file at a place. */
export async function openPlace({ file, line, column }: PagePlace): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
}

class Panel<S extends PageSubject> {
  constructor(
    extension: vscode.Uri,
    readonly panel: vscode.WebviewPanel,
    private readonly actions: PageActions<S>,
    private shown: ShownPage<S>,
  ) {
    const root = vscode.Uri.joinPath(extension, 'dist', 'webview');
    const { webview } = this.panel;
    webview.options = { enableScripts: true, localResourceRoots: [root] };
    webview.onDidReceiveMessage((message: unknown) => {
      const parsed = v.safeParse(fromPageSchema, message);
      if (parsed.success) this.obey(parsed.output).catch(tellFailure);
    });
    webview.html = webviewPage(webview, root, { element: 'insmod-lens-report', title: shown.title });
  }

  show(shown: ShownPage<S>): void {
    this.shown = shown;
    this.panel.title = shown.title;
    const { page, subject } = shown;
    void this.panel.webview.postMessage({ kind: 'show', page, subject } satisfies ToPage);
  }

  private async obey(message: FromPage): Promise<void> {
    const { subject } = this.shown;
    switch (message.kind) {
      case 'ready':
        return this.show(this.shown);
      case 'copy':
        return vscode.env.clipboard.writeText(message.text);
      case 'open':
        return openPlace(message);
      case 'act':
        await this.actions.act(subject, message.action);
        return;
      case 'cell':
        await this.actions.cell?.(subject, message.row, message.column);
    }
  }
}
