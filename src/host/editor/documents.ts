// Read-only documents made of reports.
import * as vscode from 'vscode';
import { DOCUMENT_SCHEME } from './ids';
import { t } from '../extension/model/l10n';

/** How many texts are kept for editors that still show them. */
const KEPT = 50;

/** Texts by address; the newest of an address replaces what its editor shows. */
export class Documents implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(DOCUMENT_SCHEME, this);

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? `${t('This document was made in an earlier session. Run the command again.')}\n`;
  }

  /** @param name of the tab; its ending tells the language */
  async show(name: string, text: string): Promise<void> {
    const uri = this.keep(name, text);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
  }

  /** Markdown, rendered where the editor can. */
  async showMarkdown(name: string, text: string): Promise<void> {
    const uri = this.keep(name, text);
    try {
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    } catch {
      await this.show(name, text);
    }
  }

  private keep(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: DOCUMENT_SCHEME, path: `/${name}` });
    this.texts.delete(uri.path);
    this.texts.set(uri.path, text);
    for (const oldest of this.texts.keys()) {
      if (this.texts.size <= KEPT) break;
      this.texts.delete(oldest);
    }
    this.changed.fire(uri);
    return uri;
  }
}
