// Reading settings with their types.
import path from 'node:path';
import * as vscode from 'vscode';
import type { TargetChoice } from '../protocol/analysis';
import { DEFAULTS, SECTION, type Settings } from './ids';

/** The value that holds for a file, or for the window. */
export function setting<K extends keyof Settings>(key: K, scope?: vscode.Uri): Settings[K] {
  return vscode.workspace.getConfiguration(SECTION, scope ?? null).get(key, DEFAULTS[key]);
}

/** Targets as paths: variables replaced, relative ones below the folder of the file. */
export function targetsFor(file: vscode.Uri): TargetChoice[] {
  return setting('targets', file).map(target => ({ path: absolute(target, file) }));
}

/** Modules that are loaded first. */
export function loadedFor(file: vscode.Uri): string[] {
  return setting('loaded', file)
    .map(module => absolute(module, file))
    .filter(module => module !== file.fsPath);
}

/** A path of a setting that holds for a file. */
export function absolute(value: string, file: vscode.Uri | undefined): string {
  const folder = (file && vscode.workspace.getWorkspaceFolder(file)) ?? vscode.workspace.workspaceFolders?.[0];
  const root = folder?.uri.fsPath ?? '';
  const replaced = value.replaceAll('${workspaceFolder}', root).replace(/^~(?=\/)/, process.env['HOME'] ?? '~');
  return path.isAbsolute(replaced) ? path.normalize(replaced) : path.join(root, replaced);
}
