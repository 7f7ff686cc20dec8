// Code lenses on module_init, EXPORT_SYMBOL and MODULE_LICENSE.
import * as vscode from 'vscode';
import { commandLink } from '../../editor/commands';
import { SECTION } from '../../editor/ids';
import type { Lens } from '../lens';
import { codeLenses, type LensLine } from '../model/codeLenses';
import { setting } from '../../editor/settings';

export function register(lens: Lens): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    lens.onDidPublish(() => changed.fire()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration(`${SECTION}.codeLens`)) changed.fire();
    }),
    vscode.languages.registerCodeLensProvider(
      { scheme: 'file', language: 'c' },
      {
        onDidChangeCodeLenses: changed.event,
        provideCodeLenses: document => provide(lens, document),
      },
    ),
  );
}

function provide(lens: Lens, document: vscode.TextDocument): vscode.CodeLens[] {
  if (!setting('codeLens', document.uri) || document.fileName.endsWith('.mod.c')) return [];
  // Modules that only lie beside the file were not built from it.
  const reports = lens.reportsFor(document.uri).filter(report => report.sources.includes(document.uri.fsPath));
  const text = document.getText();
  const workspace = lens.modules.all();
  return reports.flatMap(report =>
    codeLenses(text, report, workspace, vscode.workspace.isTrusted).map(
      line => new vscode.CodeLens(new vscode.Range(line.line, 0, line.line, 0), toCommand(line, report.path)),
    ),
  );
}

function toCommand({ title, action }: LensLine, modulePath: string): vscode.Command {
  const argument = { modulePath };
  switch (action) {
    case 'layout':
      return commandLink('insmodLens.showLayout', title, argument);
    case 'versions':
      return commandLink('insmodLens.showSymbolVersions', title, argument);
    case 'simulate':
      return commandLink('insmodLens.simulateInsmod', title, argument);
    case 'boot':
      return commandLink('insmodLens.loadOnKernel', title, argument);
    case 'debug':
      return commandLink('insmodLens.debugOnKernel', title, argument);
    case 'targets':
      return commandLink('insmodLens.selectTargets', title);
    case 'explain':
      return commandLink('insmodLens.explain', title, argument);
  }
}
