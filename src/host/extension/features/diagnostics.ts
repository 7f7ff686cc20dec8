// The diagnostics of every module that was analysed.
import * as vscode from 'vscode';
import type { EditorReport } from '../../../protocol/worker';
import { diagnosticsOf } from '../../editor/diagnostics';
import { SECTION, type Settings } from '../../editor/ids';
import { moduleName, type Lens } from '../lens';
import { Debounce } from '../model/debounce';
import type { ShownFinding } from '../model/findings';

/** Milliseconds after the last of a burst of reports. */
const QUIET = 100;

/** A parameter that the module does not have stands in the settings of the workspace, where scripts.ts marks it. */
function isInSettings(module: string, { fixes, located }: ShownFinding): boolean {
  if (located || !fixes.includes('change-argument')) return false;
  const uri = vscode.Uri.file(module);
  const { workspaceValue, workspaceFolderValue } =
    vscode.workspace.getConfiguration(SECTION, uri).inspect<Settings['parameters']>('parameters') ?? {};
  const names = [workspaceValue, workspaceFolderValue].flatMap(value => Object.keys(value ?? {}));
  return names.some(name => name.replaceAll('-', '_') === moduleName(module));
}

export function register(lens: Lens): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('insmod-lens');
  // Several modules may share a source, so files are put together from all of them.
  const byModule = new Map<string, ReadonlyMap<string, readonly vscode.Diagnostic[]>>();
  const show = (file: string): void => {
    const all = [...byModule.values()].flatMap(files => files.get(file) ?? []);
    collection.set(vscode.Uri.file(file), all);
  };
  const replace = (module: string, report: EditorReport | undefined): void => {
    const before = byModule.get(module);
    const files = report
      ? diagnosticsOf(vscode.Uri.file(module), report, lens.modules.all(), finding => !isInSettings(module, finding))
      : new Map<string, vscode.Diagnostic[]>();
    byModule.set(module, files);
    if (!report) byModule.delete(module);
    for (const file of new Set([...(before?.keys() ?? []), ...files.keys()])) show(file);
  };
  // What one module exports, another may export as well.
  const siblings = new Debounce(QUIET, () => {
    for (const report of lens.modules.all()) if (report.exports.length > 0) replace(report.path, report);
  });
  const edited = new Debounce(QUIET, file => {
    for (const report of lens.reportsFor(vscode.Uri.file(file))) replace(report.path, report);
  });
  return vscode.Disposable.from(
    collection,
    { dispose: () => edited.dispose() },
    vscode.workspace.onDidChangeTextDocument(({ document: { uri }, contentChanges }) => {
      if (uri.scheme === 'file' && contentChanges.length > 0) edited.touch(uri.fsPath);
    }),
    lens.onDidPublish(({ path, report }) => {
      replace(path, report);
      siblings.touch('all');
    }),
    { dispose: () => siblings.dispose() },
    vscode.workspace.onDidChangeConfiguration(change => {
      if (!change.affectsConfiguration(`${SECTION}.severities`)) return;
      for (const report of lens.modules.all()) replace(report.path, report);
    }),
  );
}
