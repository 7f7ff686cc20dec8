// Settings that name files of this machine.
import path from 'node:path';
import * as vscode from 'vscode';
import type { TargetChoice } from '../../protocol/analysis';
import { isNameOfTarget } from '../../target/kernelName';
import { PROFILE } from '../../target/profile';
import { SECTION } from '../editor/ids';
import { folderOf, setting } from '../editor/settings';
import { isInsideFolder, linkAt } from './model/insideFolder';

/** Targets as paths: variables replaced, relative ones below the folder of the file. */
export function targetsFor(file: vscode.Uri | undefined): TargetChoice[] {
  return pathsOf('targets', file).map(path => ({ path }));
}

/** Modules that are loaded first. */
export function loadedFor(file: vscode.Uri): string[] {
  return pathsOf('loaded', file).filter(module => module !== file.fsPath);
}

/**
 * Paths of a setting. Without trust, settings that come with a folder name files of that folder: elsewhere only what the
 * person's own settings name is read.
 */
function pathsOf(key: 'targets' | 'loaded', file: vscode.Uri | undefined): string[] {
  const own = vscode.workspace.getConfiguration(SECTION, file ?? null).inspect<string[]>(key)?.globalValue ?? [];
  return setting(key, file)
    .map(value => ({ value, path: absolute(value, file) }))
    .filter(({ value, path }) => vscode.workspace.isTrusted || own.includes(value) || isHarmless(path))
    .map(({ path }) => path);
}

/** Of the workspace, also when links are followed, since a folder may come with one that leads elsewhere; or no file at all. */
function isHarmless(file: string): boolean {
  if (file.startsWith(PROFILE)) return true;
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.some(({ uri }) => isInsideFolder(uri.fsPath, file, linkAt));
}

/** A path of a setting that holds for a file. */
export function absolute(value: string, file: vscode.Uri | undefined): string {
  if (isNameOfTarget(value)) return value;
  const root = folderOf(file)?.fsPath ?? '';
  const replaced = value.replaceAll('${workspaceFolder}', root).replace(/^~(?=\/)/, process.env['HOME'] ?? '~');
  return path.isAbsolute(replaced) ? path.normalize(replaced) : path.join(root, replaced);
}
