// Which kernels a module is held against where there are no headers: snapshots, chosen or found.
import * as vscode from 'vscode';
import type { KernelFacts } from '../core/kernel/types';
import { readSnapshot } from './files';

export interface WebTarget {
  readonly path: string;
  readonly facts: KernelFacts;
}

export interface WebTargets {
  readonly opened: readonly WebTarget[];
  readonly missing: readonly { readonly path: string; readonly reason: string }[];
}

/** The snapshots that the settings name, else all in the workspace. */
export async function openTargets(): Promise<WebTargets> {
  const chosen = configuration().get<string[]>('targets', []);
  const uris = chosen.length > 0 ? chosen.flatMap(resolve) : await findSnapshots();
  const opened: WebTarget[] = [];
  const missing: { path: string; reason: string }[] = [];
  for (const uri of uris) {
    try {
      opened.push({ path: uri.path, facts: await readSnapshot(uri) });
    } catch (error) {
      missing.push({ path: uri.path, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { opened, missing };
}

/** In the order of their names. */
export async function findSnapshots(): Promise<vscode.Uri[]> {
  const globs = configuration().get<string[]>('snapshots', []);
  const found = await Promise.all(globs.map(glob => vscode.workspace.findFiles(glob, '**/node_modules/**', 50)));
  const byName = new Map(found.flat().map(uri => [uri.toString(), uri]));
  return [...byName.keys()].sort().flatMap(name => byName.get(name) ?? []);
}

export function configuration(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('insmodLens');
}

/** A path of the settings: relative ones begin at the first folder. */
function resolve(target: string): vscode.Uri[] {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!root) return [];
  const relative = target.replace('${workspaceFolder}', '.');
  return [relative.startsWith('/') ? root.with({ path: relative }) : vscode.Uri.joinPath(root, relative)];
}
