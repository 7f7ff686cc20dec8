// A module of the workspace with every kernel it is checked against.
import type * as vscode from 'vscode';
import { openEach, type OpenTargets } from '../services/reportParts';
import { readModule, readSnapshot } from './files';
import { ModuleView, type WebModule } from './moduleView';
import { argumentsOf, setting } from '../editor/settings';
import { filesOf } from './settings';
import type { WorkspaceFiles } from './workspaceFiles';

/** Reads a module, its kernels, and what is loaded before it. Throws a reason for people when it cannot be read. */
export async function openModule(files: WorkspaceFiles, uri: vscode.Uri, args = argumentsOf(uri)): Promise<ModuleView> {
  const [module, targets, loaded] = await Promise.all([readModule(uri), openTargets(files, uri), loadedFirst(uri)]);
  return new ModuleView({ path: uri.path, ...module }, targets, { args, cmdline: setting('cmdline', uri), loaded });
}

/** One that cannot be read is not loaded: the symbols it would provide then show as missing. */
async function loadedFirst(module: vscode.Uri): Promise<WebModule[]> {
  const uris = filesOf('loaded', module).filter(({ path }) => path !== module.path);
  const read = uris.map(async uri => ({ path: uri.path, ...(await readModule(uri)) }));
  return (await Promise.allSettled(read)).flatMap(each => (each.status === 'fulfilled' ? [each.value] : []));
}

/** The snapshots that the settings name for a module, else all in the workspace. */
async function openTargets(files: WorkspaceFiles, module: vscode.Uri): Promise<OpenTargets> {
  const chosen = filesOf('targets', module);
  const uris = new Map((chosen.length > 0 ? chosen : (await files.find()).snapshots).map(uri => [uri.path, uri]));
  return openEach(
    [...uris.keys()].map(path => ({ path })),
    ({ path }) => readSnapshot(uris.get(path) ?? module.with({ path })),
  );
}
