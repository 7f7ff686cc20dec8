// A module of the workspace with everything it is held against.
import type * as vscode from 'vscode';
import { readModule } from './files';
import { ModuleView, type WebModule } from './moduleView';
import { argumentsOf, filesOf, setting } from './settings';
import { openTargets } from './targets';
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
