// A click on a .ko opens it as a document; commands show a part of it, or what belongs to a line of the source.
import * as vscode from 'vscode';
import { command } from '../../editor/commands';
import { MODULE_EDITOR } from '../../editor/ids';
import type { Lens } from '../lens';
import { ModulePanel } from '../modulePanel';
import { t } from '../model/l10n';

interface ModuleDocument extends vscode.CustomDocument {
  readonly uri: vscode.Uri;
}

export function register(lens: Lens): vscode.Disposable {
  const panels = new Map<string, ModulePanel>();
  const provider: vscode.CustomReadonlyEditorProvider<ModuleDocument> = {
    openCustomDocument: uri => ({ uri, dispose: () => undefined }),
    resolveCustomEditor({ uri }, webviewPanel) {
      const panel = new ModulePanel(lens, uri, webviewPanel);
      panels.set(uri.fsPath, panel);
      webviewPanel.onDidDispose(() => {
        if (panels.get(uri.fsPath) === panel) panels.delete(uri.fsPath);
        panel.dispose();
      });
    },
  };
  const open = async (modulePath: string, column = vscode.ViewColumn.Active): Promise<ModulePanel | undefined> => {
    const uri = vscode.Uri.file(modulePath);
    await vscode.commands.executeCommand('vscode.openWith', uri, MODULE_EDITOR, column);
    return panels.get(uri.fsPath);
  };
  return vscode.Disposable.from(
    vscode.window.registerCustomEditorProvider(MODULE_EDITOR, provider),
    command('insmodLens.showLayout', async argument => {
      const modulePath = await lens.pickModule(argument);
      if (modulePath !== undefined) (await open(modulePath))?.page.showTab('layout');
    }),
    command('insmodLens.showDependencies', async argument => {
      const modulePath = await lens.pickModule(argument);
      if (modulePath !== undefined) (await open(modulePath))?.page.showTab('graph');
    }),
    command('insmodLens.revealInLayout', () => revealAtCursor(lens, open)),
  );
}

/** The symbol of the function or object at the cursor, beside the source. */
async function revealAtCursor(
  lens: Lens,
  open: (modulePath: string, column: vscode.ViewColumn) => Promise<ModulePanel | undefined>,
): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const modulePath = await lens.pickModule(undefined);
  if (modulePath === undefined) return;
  const found = await lens.worker.request('symbolAt', {
    request: lens.viewRequestFor(modulePath),
    file: editor.document.uri.fsPath,
    line: editor.selection.active.line + 1,
  });
  if (!found) {
    void vscode.window.showInformationMessage(t('The module has no symbol for this line of the source.'));
    return;
  }
  const panel = await open(modulePath, vscode.ViewColumn.Beside);
  panel?.page.showTab('layout');
  panel?.page.reveal(found.section, found.symbol);
}
