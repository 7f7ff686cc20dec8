// Settings that name files, where these are those of a workspace that may lie anywhere.
import * as vscode from 'vscode';
import { folderOf, setting } from '../editor/settings';

/** Files that a setting names; relative ones begin at the folder of the scope. Nothing where no folder is open. */
export function filesOf(key: 'targets' | 'loaded', scope: vscode.Uri | undefined): vscode.Uri[] {
  const folder = folderOf(scope);
  if (!folder) return [];
  return setting(key, scope).map(path => {
    const relative = path.replace('${workspaceFolder}', '.');
    return relative.startsWith('/') ? folder.with({ path: relative }) : vscode.Uri.joinPath(folder, relative);
  });
}
