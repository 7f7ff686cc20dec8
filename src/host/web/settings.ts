// Reading settings where paths are those of a workspace that may lie anywhere.
import * as vscode from 'vscode';
import { DEFAULTS, SECTION, type Settings } from '../extension/ids';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import { decodeUtf8 } from '../../formats/bytes/strings';

/** The value that holds for a file, or for the window. */
export function setting<K extends keyof Settings>(key: K, scope?: vscode.Uri): Settings[K] {
  return configuration(scope).get(key, DEFAULTS[key]);
}

export function configuration(scope?: vscode.Uri): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(SECTION, scope ?? null);
}

/** Parameters that the settings give a module. */
export function argumentsOf(module: vscode.Uri): string {
  const parameters = setting('parameters', module);
  const name = decodeUtf8(moduleNameOfPath(module.path));
  const key = Object.keys(parameters).find(candidate => candidate.replaceAll('-', '_') === name);
  return (key === undefined ? undefined : parameters[key]) ?? '';
}

/** Files that a setting names; relative ones begin at the folder of the scope. Nothing where no folder is open. */
export function filesOf(key: 'targets' | 'loaded', scope: vscode.Uri | undefined): vscode.Uri[] {
  const folder = (scope && vscode.workspace.getWorkspaceFolder(scope)) ?? vscode.workspace.workspaceFolders?.[0];
  if (!folder) return [];
  return setting(key, scope).map(path => {
    const relative = path.replace('${workspaceFolder}', '.');
    return relative.startsWith('/') ? folder.uri.with({ path: relative }) : vscode.Uri.joinPath(folder.uri, relative);
  });
}
