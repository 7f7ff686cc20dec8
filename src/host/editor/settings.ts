// Reading settings with their types.
import * as vscode from 'vscode';
import { decodeUtf8 } from '../../formats/bytes/strings';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import { DEFAULTS, SECTION, type Settings } from './ids';

/** The value that holds for a file, or for the window. */
export function setting<K extends keyof Settings>(key: K, scope?: vscode.Uri): Settings[K] {
  return vscode.workspace.getConfiguration(SECTION, scope ?? null).get(key, DEFAULTS[key]);
}

/** Parameters that the settings give a module. */
export function argumentsOf(module: vscode.Uri): string {
  const parameters = setting('parameters', module);
  const name = decodeUtf8(moduleNameOfPath(module.path));
  const key = Object.keys(parameters).find(candidate => candidate.replaceAll('-', '_') === name);
  return (key === undefined ? undefined : parameters[key]) ?? '';
}

/** The folder that relative paths of the settings for a file begin at. */
export function folderOf(scope: vscode.Uri | undefined): vscode.Uri | undefined {
  return ((scope && vscode.workspace.getWorkspaceFolder(scope)) ?? vscode.workspace.workspaceFolders?.[0])?.uri;
}
