// Which module a command is about, where several could be.
import * as vscode from 'vscode';
import { t } from '../extension/model/l10n';

/** The only one, or the one that is chosen. */
export async function chooseModule(modules: readonly vscode.Uri[]): Promise<vscode.Uri | undefined> {
  if (modules.length === 0)
    void vscode.window.showInformationMessage(t('There is no built kernel module (.ko) here yet.'));
  if (modules.length <= 1) return modules[0];
  const items = modules.map(uri => ({
    label: uri.path.slice(uri.path.lastIndexOf('/') + 1),
    description: vscode.workspace.asRelativePath(vscode.Uri.joinPath(uri, '..')),
    uri,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Kernel module') }))?.uri;
}
