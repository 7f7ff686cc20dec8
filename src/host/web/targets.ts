// Which kernels a module is held against where there are no headers: snapshots, chosen or found.
import { reasonOf, type Note } from '../../findings/notes';
import type * as vscode from 'vscode';
import type { KernelFacts } from '../../target/types';
import { readSnapshot } from './files';
import { filesOf } from './settings';
import type { WorkspaceFiles } from './workspaceFiles';

export interface WebTarget {
  readonly path: string;
  readonly facts: KernelFacts;
}

export interface WebTargets {
  readonly opened: readonly WebTarget[];
  readonly missing: readonly { readonly path: string; readonly reason: Note }[];
}

/** The snapshots that the settings name for a module, else all in the workspace. */
export async function openTargets(files: WorkspaceFiles, module: vscode.Uri): Promise<WebTargets> {
  const chosen = filesOf('targets', module);
  const uris = chosen.length > 0 ? chosen : (await files.find()).snapshots;
  const opened: WebTarget[] = [];
  const missing: { path: string; reason: Note }[] = [];
  for (const uri of uris) {
    try {
      opened.push({ path: uri.path, facts: await readSnapshot(uri) });
    } catch (error) {
      missing.push({ path: uri.path, reason: reasonOf(error) });
    }
  }
  return { opened, missing };
}
