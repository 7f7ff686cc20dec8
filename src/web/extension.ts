// The extension where there is only a browser: modules open and are simulated against snapshots. What needs headers,
// sources, builds or a file system says so.
import * as vscode from 'vscode';
import { COMMANDS, CONTEXT_HAS_MODULES, MODULE_EDITOR, type CommandId } from '../extension/ids';
import { say, setWords, t } from '../extension/model/l10n';
import { dmesgLines, notChecked, verdictText } from '../extension/model/text';
import { logText } from '../node/tools/logText';
import { readPage, type FindingPage } from '../node/tools/pageText';
import { allCodes } from '../core/explain/forms';
import { showModule } from './modulePanel';
import { configuration, findSnapshots, openTargets } from './targets';
import { readModule } from './files';
import { simulate } from './moduleView';

const MODULES = '**/*.{ko,ko.xz,ko.zst,ko.gz}';

export function activate(context: vscode.ExtensionContext): void {
  setWords(vscode.l10n.bundle);
  const output = vscode.window.createOutputChannel('Insmod Lens');
  const run: Partial<Record<CommandId, (argument: unknown) => Promise<void>>> = {
    'insmodLens.simulateInsmod': argument => simulateInsmod(output, argument),
    'insmodLens.showLayout': openModule,
    'insmodLens.explainLog': () => explainLog(context),
    'insmodLens.selectTargets': selectTargets,
  };
  context.subscriptions.push(
    output,
    vscode.window.registerCustomEditorProvider(MODULE_EDITOR, {
      openCustomDocument: (uri: vscode.Uri) => ({ uri, dispose: () => undefined }),
      resolveCustomEditor: ({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel) =>
        showModule(context, uri, panel),
    }),
    ...COMMANDS.map(id =>
      vscode.commands.registerCommand(id, async (argument: unknown) => {
        try {
          await (run[id] ?? needsFiles)(argument);
        } catch (error) {
          void vscode.window.showErrorMessage(say(error instanceof Error ? error.message : String(error)));
        }
      }),
    ),
  );
  void vscode.workspace
    .findFiles(MODULES, '**/node_modules/**', 1)
    .then(found => vscode.commands.executeCommand('setContext', CONTEXT_HAS_MODULES, found.length > 0));
}

async function needsFiles(): Promise<void> {
  await vscode.window.showInformationMessage(t('This needs files on disk: open the folder in VS Code itself.'));
}

/** The module of the argument, or one that is chosen. */
async function pickModule(argument: unknown): Promise<vscode.Uri | undefined> {
  if (argument instanceof vscode.Uri) return argument;
  const found = await vscode.workspace.findFiles(MODULES, '**/node_modules/**', 200);
  if (found.length <= 1) return found[0];
  const items = found.map(uri => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Kernel module') }))?.uri;
}

async function openModule(argument: unknown): Promise<void> {
  const uri = await pickModule(argument);
  if (uri) await vscode.commands.executeCommand('vscode.openWith', uri, MODULE_EDITOR);
}

async function simulateInsmod(output: vscode.OutputChannel, argument: unknown): Promise<void> {
  const uri = await pickModule(argument);
  if (!uri) return;
  const placeHolder = t('Module parameters, as given to insmod; Enter without any is fine');
  const args = await vscode.window.showInputBox({ placeHolder });
  if (args === undefined) return;
  const module = { path: vscode.workspace.asRelativePath(uri), ...(await readModule(uri)) };
  const { opened } = await openTargets();
  if (opened.length === 0) throw new Error(t('{0}: nothing to simulate against.', module.path));
  for (const target of opened) {
    const { result } = simulate(target, module, args, configuration().get('cmdline', ''));
    output.appendLine(`$ insmod ${module.path} ${args}`.trim() + `    # ${t('on {0}', result.kernel.release)}`);
    for (const line of dmesgLines(result.log)) output.appendLine(line);
    if (result.insmod !== null) output.appendLine(result.insmod);
    output.appendLine(`# ${verdictText(result)}`);
    for (const line of notChecked(result)) output.appendLine(`# ${t('not checked: {0}', line)}`);
  }
  output.show(true);
}

async function explainLog({ extensionUri }: vscode.ExtensionContext): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const selected = editor && !editor.selection.isEmpty ? editor.document.getText(editor.selection) : '';
  const log = selected || (await vscode.env.clipboard.readText());
  const pages = new Map<string, FindingPage>();
  for (const code of allCodes()) {
    const bytes = await vscode.workspace.fs.readFile(
      vscode.Uri.joinPath(extensionUri, 'doc', 'findings', `${code}.md`),
    );
    pages.set(code, readPage(code, new TextDecoder().decode(bytes)));
  }
  const content = logText(log, { page: code => pages.get(code) ?? null }, null, { t, say });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content }));
}

async function selectTargets(): Promise<void> {
  const chosen = configuration().get<string[]>('targets', []);
  const items = (await findSnapshots()).map(uri => {
    const value = '${workspaceFolder}/' + vscode.workspace.asRelativePath(uri, false);
    return { label: vscode.workspace.asRelativePath(uri), value, picked: chosen.includes(value) };
  });
  const picked = await vscode.window.showQuickPick(items, { canPickMany: true, title: t('Target kernels') });
  if (!picked) return;
  const values = picked.map(({ value }) => value);
  await configuration().update('targets', values, vscode.ConfigurationTarget.Workspace);
}
