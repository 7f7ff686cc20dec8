// The modules of the workspace: in the view, and to choose from.
import * as vscode from 'vscode';
import { CONTEXT_HAS_MODULES, MODULE_EDITOR, VIEW } from '../editor/ids';
import { chooseModule } from '../editor/chooseModule';
import { t } from '../extension/model/l10n';
import type { WorkspaceFiles } from './workspaceFiles';

/** The view "Kernel modules": a click opens the document. */
export function registerView(files: WorkspaceFiles): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const view = vscode.window.createTreeView<vscode.Uri>(VIEW, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: uri => ({
        resourceUri: uri,
        description: true,
        command: { command: 'vscode.openWith', title: t('Show layout'), arguments: [uri, MODULE_EDITOR] },
      }),
      getChildren: async uri => (uri ? [] : [...(await find()).modules]),
    },
  });
  const find = async (): ReturnType<WorkspaceFiles['find']> => {
    const found = await files.find();
    void vscode.commands.executeCommand('setContext', CONTEXT_HAS_MODULES, found.modules.length > 0);
    if (found.onlyFolders === null) delete view.message;
    else view.message = t('Only the first {0} folders were looked through.', found.onlyFolders);
    return found;
  };
  void find();
  return vscode.Disposable.from(
    changed,
    view,
    files.onDidChange(() => changed.fire()),
    files.onDidChange(() => void find()),
  );
}

/** The module of the argument, that of the document on top, the only one, or one that is chosen. */
export async function pickModule(files: WorkspaceFiles, argument: unknown): Promise<vscode.Uri | undefined> {
  if (argument instanceof vscode.Uri) return argument;
  const shown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (shown instanceof vscode.TabInputCustom && shown.viewType === MODULE_EDITOR) return shown.uri;
  return chooseModule((await files.find()).modules);
}
