// The document of a module in a browser-only editor: the same page, answered without a worker or files on disk.
import * as v from 'valibot';
import * as vscode from 'vscode';
import { pageHtml } from '../extension/model/pageHtml';
import { sayError, t } from '../extension/model/l10n';
import type { FromView, ToView, ViewMethod, ViewMethods } from '../../protocol/view';
import { fromViewSchema, paramsSchemas } from '../../protocol/viewMessages';
import { diagnosticsOf, unreadable } from './diagnostics';
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
export function showModule(panels: Panels, uri: vscode.Uri, panel: vscode.WebviewPanel): void {
  const { webview } = panel;
  const root = vscode.Uri.joinPath(panels.extension, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [root] };
  let view: Promise<ModuleView> | null = null;
  const tell = (message: ToView): void => void webview.postMessage(message);
  const readAnew = (): void => {
    view = null;
    tell({ kind: 'changed' });
  };
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), nameOf(uri)),
  );
  const subscriptions = [
    webview.onDidReceiveMessage((message: unknown) => {
      const parsed = v.safeParse(fromViewSchema, message);
      if (parsed.success)
        obey(parsed.output).catch((error: unknown) => void vscode.window.showErrorMessage(sayError(error)));
    }),
    watcher,
    watcher.onDidChange(readAnew),
    watcher.onDidCreate(readAnew),
    panels.files.onDidChange(readAnew),
    vscode.workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('insmodLens', uri)) readAnew();
    }),
  ];
  panel.onDidDispose(() => {
    subscriptions.forEach(subscription => subscription.dispose());
    panels.problems.delete(uri);
  });
  const resource = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
  webview.html = pageHtml({
    title: vscode.workspace.asRelativePath(uri),
    script: resource('main.js'),
    style: resource('main.css'),
    cspSource: webview.cspSource,
    nonce: crypto.randomUUID().replaceAll('-', ''),
    language: vscode.env.language,
    words: vscode.l10n.bundle,
  });

  async function obey(message: FromView): Promise<void> {
    switch (message.kind) {
      case 'request':
        return reply(message);
      case 'copy':
        return vscode.env.clipboard.writeText(message.text);
      case 'save':
        return save(uri, message.name, message.data);
      case 'select-targets':
        return vscode.commands.executeCommand('insmodLens.selectTargets');
      case 'open-source':
        void vscode.window.showInformationMessage(
          t(
            'No source line is known for {0}: its source is not here, or the module was built without debug information.',
            message.subject.name,
          ),
        );
        return;
      // The page is asked to show nothing but itself, and says nothing of other modules.
      case 'ready':
      case 'obeyed':
      case 'open-module':
      case 'with-needs':
        return;
    }
  }

  async function reply({ id, method, params }: Extract<FromView, { kind: 'request' }>): Promise<void> {
    try {
      tell({ kind: 'answer', id, ok: true, value: answer(await opened(), method, params) });
    } catch (error) {
      tell({ kind: 'answer', id, ok: false, reason: sayError(error) });
    }
  }

  function opened(): Promise<ModuleView> {
    view ??= openModule(panels.files, uri).then(
      module => {
        panels.problems.set(uri, diagnosticsOf(uri, module.report()));
        return module;
      },
      (error: unknown) => {
        panels.problems.set(uri, [unreadable(sayError(error))]);
        throw error;
      },
    );
    return view;
  }
}

/** Where the person says; nothing is written without being asked. */
async function save(module: vscode.Uri, name: string, data: Uint8Array): Promise<void> {
  const chosen = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(module, '..', name) });
  if (chosen) await vscode.workspace.fs.writeFile(chosen, data);
}

function nameOf({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function answer(view: ModuleView, method: ViewMethod, params: unknown): ViewMethods[ViewMethod]['result'] {
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
