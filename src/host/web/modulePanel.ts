// The document of a module in a browser-only editor: the same page, answered without a worker or files on disk.
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { ViewMethod } from '../../protocol/view';
import { paramsSchemas } from '../../protocol/viewMessages';
import { diagnosticsOf, unreadable } from '../editor/diagnostics';
import { ModulePage, type ViewAnswer } from '../editor/modulePage';
import { sayError, t } from '../extension/model/l10n';
import type { ModuleView } from './moduleView';
import { openModule } from './openModule';
import type { WorkspaceFiles } from './workspaceFiles';

/** What panels share. */
export interface Panels {
  readonly extension: vscode.Uri;
  readonly files: WorkspaceFiles;
  readonly problems: vscode.DiagnosticCollection;
}

/** Fills a panel with the page of a module, until it is closed. */
export function showModule({ extension, files, problems }: Panels, uri: vscode.Uri, panel: vscode.WebviewPanel): void {
  let view: Promise<ModuleView> | null = null;
  const opened = (): Promise<ModuleView> =>
    (view ??= openModule(files, uri).then(
      module => {
        // On the module's file: its sources are not known here.
        problems.set(uri, [...diagnosticsOf(uri, module.report()).values()].flat());
        return module;
      },
      (error: unknown) => {
        problems.set(uri, [unreadable(sayError(error))]);
        throw error;
      },
    ));
  const page = new ModulePage(extension, uri, panel, {
    answer: async (method, params) => answer(await opened(), method, params),
    locate: () => Promise.resolve(null),
    refresh: () => {
      view = null;
    },
  });
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), name),
  );
  const readAnew = (): void => page.refresh({});
  const subscriptions = vscode.Disposable.from(
    page,
    watcher,
    watcher.onDidChange(readAnew),
    watcher.onDidCreate(readAnew),
    files.onDidChange(readAnew),
  );
  panel.onDidDispose(() => {
    subscriptions.dispose();
    problems.delete(uri);
  });
}

function answer(view: ModuleView, method: ViewMethod, params: unknown): ViewAnswer | Promise<ViewAnswer> {
  switch (method) {
    case 'summary':
      return view.summary();
    case 'tables':
      return view.tables();
    case 'layout':
      return view.walk(v.parse(paramsSchemas.layout, params).target).layout();
    case 'steps':
      return view.walk(v.parse(paramsSchemas.steps, params).target).steps();
    case 'relocation': {
      const { target, index } = v.parse(paramsSchemas.relocation, params);
      return view.walk(target).relocation(index);
    }
    case 'graph':
    case 'graphOverview':
      throw new Error(t('Dependencies need the modules of a kernel, as files on disk.'));
  }
}
