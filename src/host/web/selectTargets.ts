// Choosing target kernels among the snapshots of the workspace.
import * as vscode from 'vscode';
import { t } from '../extension/model/l10n';
import { configuration, filesOf, setting } from './settings';
import type { WorkspaceFiles } from './workspaceFiles';

export async function selectTargets(files: WorkspaceFiles): Promise<void> {
  const values = setting('targets');
  const chosen = new Map(filesOf('targets', undefined).map((uri, i) => [uri.toString(), values[i] ?? '']));
  const found = (await files.find()).snapshots.map(uri => ({
    label: vscode.workspace.asRelativePath(uri),
    value: chosen.get(uri.toString()) ?? valueFor(uri),
    picked: chosen.delete(uri.toString()),
  }));
  const description = t('chosen, and not there');
  const rest = [...chosen.values()].map(value => ({ label: value, description, value, picked: true }));
  const items = [...found, ...rest];
  if (items.length === 0) {
    void vscode.window.showInformationMessage(t('There is no snapshot of a kernel here to hold the module against.'));
    return;
  }
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: t('Target kernels'),
    placeHolder: t('Kernels to hold modules against; none: all that were found'),
  });
  if (!picked) return;
  const next = picked.map(({ value }) => value);
  await configuration().update('targets', next, vscode.ConfigurationTarget.Workspace);
}

/** As it stands in the setting, which is read from the first folder on. */
function valueFor(uri: vscode.Uri): string {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  const isFirst = vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() === first?.uri.toString();
  return isFirst ? `\${workspaceFolder}/${vscode.workspace.asRelativePath(uri, false)}` : uri.path;
}
