// The document of a module in a browser-only editor: the same page, answered without a worker or files on disk.
import * as v from 'valibot';
import * as vscode from 'vscode';
import { pageHtml } from '../extension/model/pageHtml';
import { say, t } from '../extension/model/l10n';
import type { FromView, ToView, ViewMethod, ViewMethods } from '../protocol/view';
import { fromViewSchema, paramsSchemas } from '../protocol/viewMessages';
import { readModule } from './files';
import { ModuleView } from './moduleView';
import { configuration, openTargets } from './targets';

/** Fills a panel with the page of a module. */
export function showModule(context: vscode.ExtensionContext, uri: vscode.Uri, panel: vscode.WebviewPanel): void {
  const { webview } = panel;
  const root = vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [root] };
  let view: Promise<ModuleView> | null = null;
  const tell = (message: ToView): void => void webview.postMessage(message);
  const subscriptions = [
    webview.onDidReceiveMessage((message: unknown) => {
      const parsed = v.safeParse(fromViewSchema, message);
      if (parsed.success) void obey(parsed.output);
    }),
    vscode.workspace.onDidChangeConfiguration(event => {
      if (!event.affectsConfiguration('insmodLens')) return;
      view = null;
      tell({ kind: 'changed' });
    }),
  ];
  panel.onDidDispose(() => subscriptions.forEach(subscription => subscription.dispose()));
  const resource = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
  webview.html = pageHtml({
    title: uri.path.slice(uri.path.lastIndexOf('/') + 1),
    script: resource('main.js'),
    style: resource('main.css'),
    cspSource: webview.cspSource,
    nonce: crypto.randomUUID().replaceAll('-', ''),
    language: vscode.env.language,
    words: vscode.l10n.bundle,
  });

  async function obey(message: FromView): Promise<void> {
    if (message.kind === 'copy') await vscode.env.clipboard.writeText(message.text);
    if (message.kind === 'select-targets') await vscode.commands.executeCommand('insmodLens.selectTargets');
    if (message.kind === 'open-source')
      void vscode.window.showInformationMessage(
        t(
          'No source line is known for {0}: its source is not here, or the module was built without debug information.',
          message.subject.name,
        ),
      );
    if (message.kind !== 'request') return;
    const { id, method, params } = message;
    try {
      view ??= openView(uri);
      tell({ kind: 'answer', id, ok: true, value: answer(await view, method, params) });
    } catch (error) {
      tell({ kind: 'answer', id, ok: false, reason: say(error instanceof Error ? error.message : String(error)) });
    }
  }
}

/** The module with every snapshot there is. */
export async function openView(uri: vscode.Uri): Promise<ModuleView> {
  const [module, targets] = await Promise.all([readModule(uri), openTargets()]);
  const name = uri.path.replace(/^.*\//, '').replace(/\.ko(?:\.\w+)?$/, '');
  const args = configuration().get<Record<string, string>>('parameters', {})[name] ?? '';
  return new ModuleView({ path: uri.path, ...module }, targets, args, configuration().get('cmdline', ''));
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
