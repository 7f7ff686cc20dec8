// Pages that show one answer beside the sources: one panel for each subject, drawn anew with each answer.
import * as v from 'valibot';
import * as vscode from 'vscode';
import { fromPageSchema, type FromPage, type PageAction, type ReportPage, type ToPage } from '../../protocol/pages';
import { tellFailure } from '../editor/failures';
import { REPORT_PAGE } from '../editor/ids';
import { webviewPage } from '../editor/webviewPage';

export interface ShownPage {
  /** Tells the subject from others. */
  readonly key: string;
  readonly title: string;
  readonly page: ReportPage;
  readonly act: (action: PageAction) => unknown;
  /** A click on a cell of a matrix. */
  readonly cell?: (row: number, column: number) => unknown;
}

export class ReportPages implements vscode.Disposable {
  private readonly panels = new Map<string, Panel>();

  constructor(private readonly extension: vscode.Uri) {}

  dispose(): void {
    for (const { panel } of this.panels.values()) panel.dispose();
  }

  show(shown: ShownPage): void {
    const known = this.panels.get(shown.key);
    if (known) {
      known.show(shown);
      known.panel.reveal(undefined, true);
      return;
    }
    const made = new Panel(this.extension, shown);
    this.panels.set(shown.key, made);
    made.panel.onDidDispose(() => this.panels.delete(shown.key));
  }
}

class Panel {
  readonly panel: vscode.WebviewPanel;

  constructor(
    extension: vscode.Uri,
    private shown: ShownPage,
  ) {
    const root = vscode.Uri.joinPath(extension, 'dist', 'webview');
    const where = { viewColumn: vscode.ViewColumn.Active, preserveFocus: false };
    // What is shown cannot be asked for again: it is kept while another editor is in front.
    const options = { enableScripts: true, localResourceRoots: [root], retainContextWhenHidden: true };
    this.panel = vscode.window.createWebviewPanel(REPORT_PAGE, shown.title, where, options);
    const { webview } = this.panel;
    webview.onDidReceiveMessage((message: unknown) => {
      const parsed = v.safeParse(fromPageSchema, message);
      if (parsed.success) this.obey(parsed.output).catch(tellFailure);
    });
    webview.html = webviewPage(webview, root, { element: 'insmod-lens-report', title: shown.title });
  }

  show(shown: ShownPage): void {
    this.shown = shown;
    this.panel.title = shown.title;
    void this.panel.webview.postMessage({ kind: 'show', page: shown.page } satisfies ToPage);
  }

  private async obey(message: FromPage): Promise<void> {
    switch (message.kind) {
      case 'ready':
        return this.show(this.shown);
      case 'copy':
        return vscode.env.clipboard.writeText(message.text);
      case 'open': {
        const at = new vscode.Position(Math.max(0, message.line - 1), Math.max(0, message.column - 1));
        await vscode.window.showTextDocument(vscode.Uri.file(message.file), { selection: new vscode.Range(at, at) });
        return;
      }
      case 'act':
        await this.shown.act(message.action);
        return;
      case 'cell':
        await this.shown.cell?.(message.row, message.column);
    }
  }
}
