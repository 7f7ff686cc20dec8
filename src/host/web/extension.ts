// The extension where there is only a browser: modules open and are simulated against snapshots. What needs headers,
// sources, builds or a file system says so.
import * as vscode from 'vscode';
import { Documents } from '../editor/documents';
import { showPage } from '../editor/findingPages';
import { COMMANDS, MODULE_EDITOR, type CommandId } from '../editor/ids';
import { explanationText, symbolVersionsText, transcript } from '../extension/model/documents';
import { setWords, t } from '../extension/model/l10n';
import { command } from '../editor/commands';
import { endTranscript, insmodSteps } from '../editor/simulation';
import type { EditorReport } from '../../protocol/worker';
import { explainedLog } from './explainLog';
import { showModule } from './modulePanel';
import { pickModule, registerView } from './modules';
import { openModule } from './openModule';
import { selectTargets } from './selectTargets';
import { argumentsOf } from '../editor/settings';
import { WorkspaceFiles } from './workspaceFiles';

export function activate(context: vscode.ExtensionContext): void {
  setWords(vscode.l10n.bundle);
  const { extensionUri } = context;
  const files = new WorkspaceFiles();
  const documents = new Documents();
  const output = vscode.window.createOutputChannel('Insmod Lens');
  const problems = vscode.languages.createDiagnosticCollection('insmod-lens');
  const withModule = (work: (uri: vscode.Uri) => Promise<void>) => async (argument: unknown) => {
    const uri = await pickModule(files, argument);
    if (uri) await work(uri);
  };
  const showText = (ending: string, text: (report: EditorReport) => string): ReturnType<typeof withModule> =>
    withModule(async uri => {
      const report = (await openModule(files, uri)).report();
      await documents.showMarkdown(`${report.name}/${ending}.md`, text(report));
    });
  const run: Partial<Record<CommandId, (argument: unknown) => Promise<void>>> = {
    'insmodLens.simulateInsmod': withModule(uri => simulateInsmod(files, output, uri)),
    'insmodLens.showLayout': withModule(async uri => {
      await vscode.commands.executeCommand('vscode.openWith', uri, MODULE_EDITOR);
    }),
    'insmodLens.explain': showText('why', report => explanationText(report, [])),
    'insmodLens.showSymbolVersions': showText('symbol versions', symbolVersionsText),
    'insmodLens.explainLog': async () => {
      const text = await explainedLog(extensionUri);
      if (text !== null) await documents.showMarkdown('kernel log.md', text);
    },
    'insmodLens.selectTargets': () => selectTargets(files),
    'insmodLens.refresh': () => Promise.resolve(files.forget()),
    'insmodLens.showPage': code => showPage(extensionUri, typeof code === 'string' ? code : undefined),
  };
  context.subscriptions.push(
    files,
    documents,
    output,
    problems,
    registerView(files),
    vscode.window.registerCustomEditorProvider(MODULE_EDITOR, {
      openCustomDocument: (uri: vscode.Uri) => ({ uri, dispose: () => undefined }),
      resolveCustomEditor: ({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel) =>
        showModule({ extension: extensionUri, files, problems }, uri, panel),
    }),
    ...COMMANDS.map(id => command(id, (argument?: unknown) => (run[id] ?? needsFiles)(argument))),
  );
}

function needsFiles(): Promise<void> {
  void vscode.window.showInformationMessage(t('This needs files on disk: open the folder in VS Code itself.'));
  return Promise.resolve();
}

async function simulateInsmod(files: WorkspaceFiles, output: vscode.OutputChannel, uri: vscode.Uri): Promise<void> {
  const path = vscode.workspace.asRelativePath(uri);
  const args = await vscode.window.showInputBox({
    title: t('Simulate {0} {1}', 'insmod', path),
    placeHolder: t('Module parameters, as given to insmod; Enter without any is fine'),
    value: argumentsOf(uri),
  });
  if (args === undefined) return;
  const report = (await openModule(files, uri, args.trim())).report();
  const steps = insmodSteps(report, path, args);
  output.appendLine(transcript(steps));
  if (steps.length === 0) output.appendLine(`# ${t('{0}: nothing to simulate against.', path)}`);
  endTranscript(output, report);
}
