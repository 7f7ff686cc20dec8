// Choosing target kernels among the snapshots of the workspace.
import * as vscode from 'vscode';
import { chooseTargets } from '../editor/chooseTargets';
import { setting } from '../editor/settings';
import { t } from '../extension/model/l10n';
import { filesOf } from './settings';
import type { WorkspaceFiles } from './workspaceFiles';

export async function selectTargets(files: WorkspaceFiles): Promise<void> {
  const values = setting('targets');
  await chooseTargets({
    found: (await files.find()).snapshots.map(uri => ({
      key: uri.path,
      label: vscode.workspace.asRelativePath(uri),
      value: valueFor(uri),
    })),
    chosen: new Map(filesOf('targets', undefined).map((uri, i) => [uri.path, values[i] ?? ''])),
    placeHolder: t('Kernels to check modules against; none: all that were found'),
    browse: null,
    fetch: null,
    profile: null,
  });
}

/** As it stands in the setting, which is read from the first folder on. */
function valueFor(uri: vscode.Uri): string {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  const isFirst = vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() === first?.uri.toString();
  return isFirst ? `\${workspaceFolder}/${vscode.workspace.asRelativePath(uri, false)}` : uri.path;
}
