// Quick fixes: edits of the source, the Makefile and command lines; building; choosing another kernel.
import path from 'node:path';
import * as vscode from 'vscode';
import { commandLink } from '../../editor/commands';
import type { Lens } from '../lens';
import {
  addExtraSymbols,
  addLicense,
  importNamespaces,
  isImportable,
  namespaceOf,
  versionHeader,
  type Insertion,
} from '../model/fixes';
import { providersOf } from '../model/providers';
import { LensDiagnostic, SOURCE } from '../../editor/diagnostics';
import { ArgumentDiagnostic } from './scripts';
import { t } from '../model/l10n';

const ANY: vscode.DocumentSelector = { scheme: 'file' };

export function register(lens: Lens): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    ANY,
    { provideCodeActions: (document, _range, context) => actionsFor(lens, document, context) },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}

/** The targets, not the module, decide these: another build or another kernel helps. */
const BUILD_SETUP = [
  'vermagic',
  'symbol-version',
  'this-module-size',
  'btf',
  'no-versions',
  'no-vermagic',
  'not-loadable',
  'relocation',
];

async function actionsFor(
  lens: Lens,
  document: vscode.TextDocument,
  context: vscode.CodeActionContext,
): Promise<vscode.CodeAction[]> {
  const actions: vscode.CodeAction[] = [];
  for (const shown of context.diagnostics) {
    if (!shown.source?.startsWith(SOURCE)) continue;
    const diagnostic = original(shown, document);
    if (diagnostic instanceof ArgumentDiagnostic) actions.push(...parameterFixes(document, diagnostic));
    if (diagnostic instanceof LensDiagnostic) actions.push(...(await findingFixes(lens, document, diagnostic)));
  }
  return actions;
}

/** The editor hands back copies; ours, with the finding in it, is the equal one of the document. */
function original(copy: vscode.Diagnostic, { uri }: vscode.TextDocument): vscode.Diagnostic {
  const equal = vscode.languages
    .getDiagnostics(uri)
    .find(own => own.message === copy.message && own.range.isEqual(copy.range) && own.source === copy.source);
  return equal ?? copy;
}

async function findingFixes(
  lens: Lens,
  document: vscode.TextDocument,
  diagnostic: LensDiagnostic,
): Promise<vscode.CodeAction[]> {
  const { finding, modulePath } = diagnostic;
  const argument = { modulePath };
  const actions: vscode.CodeAction[] = [];
  if (finding.code === 'namespace') actions.push(...namespaceFix(lens, document, diagnostic));
  if (LICENSE_CODES.includes(finding.code) && !/^\s*MODULE_LICENSE\s*\(/m.test(document.getText()))
    actions.push(
      edit(t('Add {0}', 'MODULE_LICENSE("GPL")'), diagnostic, document.uri, [addLicense(document.getText())]),
    );
  if (
    finding.symbol !== null &&
    ['symbol-version', 'symbol-provider-not-loaded', 'symbol-not-in-target'].includes(finding.code)
  )
    actions.push(...(await extraSymbolsFix(lens, diagnostic)));
  if (finding.code === 'symbol-provider-not-loaded') {
    actions.push(
      run(
        t('Simulate as modprobe, which loads what it depends on'),
        diagnostic,
        commandLink('insmodLens.simulateModprobe', '', argument),
      ),
    );
    actions.push(
      run(t('Copy the load order as a script'), diagnostic, commandLink('insmodLens.copyInsmodScript', '', argument)),
    );
  }
  if (BUILD_SETUP.includes(finding.code)) {
    if (vscode.workspace.isTrusted)
      actions.push(run(t('Build the module again'), diagnostic, commandLink('insmodLens.build', '', argument)));
    actions.push(run(t('Select another target kernel'), diagnostic, commandLink('insmodLens.selectTargets', '')));
  }
  actions.push(run(t('Explain {0}', finding.code), diagnostic, commandLink('insmodLens.explain', '', argument)));
  return actions;
}

const LICENSE_CODES = ['gpl-only', 'taint-notice', 'proprietary-provider'];

/** All missing imports of the module at once. */
function namespaceFix(lens: Lens, document: vscode.TextDocument, diagnostic: LensDiagnostic): vscode.CodeAction[] {
  const report = lens.modules.report(diagnostic.modulePath);
  if (!report || !/\.c$/.test(document.fileName)) return [];
  const messages = report.results.flatMap(({ result }) => result.findings).filter(({ code }) => code === 'namespace');
  const names = [...new Set(messages.flatMap(({ message }) => namespaceOf(message) ?? []))].filter(isImportable);
  if (names.length === 0) return [];
  const source = document.getText();
  const insertions = [importNamespaces(source, names, report.traits), versionHeader(source, report.traits)];
  const action = edit(
    t('Add MODULE_IMPORT_NS for {0}', names.join(', ')),
    diagnostic,
    document.uri,
    insertions.flatMap(insertion => insertion ?? []),
  );
  action.isPreferred = true;
  return [action];
}

/** KBUILD_EXTRA_SYMBOLS for a provider that is built in this workspace, elsewhere. */
async function extraSymbolsFix(lens: Lens, diagnostic: LensDiagnostic): Promise<vscode.CodeAction[]> {
  const directory = path.dirname(diagnostic.modulePath);
  const providers = providersOf(lens.modules.all(), diagnostic.finding.symbol ?? '');
  const other = providers.find(provider => path.dirname(provider.path) !== directory);
  if (!other) return [];
  const symvers = path.join(path.dirname(other.path), 'Module.symvers');
  const makefile = await firstThere(['Kbuild', 'Makefile'].map(name => vscode.Uri.file(path.join(directory, name))));
  if (!makefile) return [];
  const document = await vscode.workspace.openTextDocument(makefile);
  const relative = `$(src)/${path.relative(directory, symvers)}`;
  if (document.getText().includes(relative)) return [];
  return [
    edit(t('Add {0} to {1}', `${other.name}/Module.symvers`, 'KBUILD_EXTRA_SYMBOLS'), diagnostic, makefile, [
      addExtraSymbols(document.getText(), relative),
    ]),
  ];
}

async function firstThere(files: readonly vscode.Uri[]): Promise<vscode.Uri | null> {
  for (const file of files)
    try {
      await vscode.workspace.fs.stat(file);
      return file;
    } catch {
      // The next name, then.
    }
  return null;
}

function parameterFixes(document: vscode.TextDocument, diagnostic: ArgumentDiagnostic): vscode.CodeAction[] {
  if (diagnostic.suggestion === null) return [];
  const action = new vscode.CodeAction(t('Change to {0}', diagnostic.suggestion ?? ''), vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, diagnostic.nameRange, diagnostic.suggestion);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  return [action];
}

function edit(
  title: string,
  diagnostic: vscode.Diagnostic,
  uri: vscode.Uri,
  insertions: readonly Insertion[],
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  for (const { line, text } of insertions) action.edit.insert(uri, new vscode.Position(line, 0), text);
  action.diagnostics = [diagnostic];
  return action;
}

function run(title: string, diagnostic: vscode.Diagnostic, command: vscode.Command): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = command;
  action.diagnostics = [diagnostic];
  return action;
}
