// Quick fixes: edits of the source, the Makefile and command lines; building; choosing another kernel.
import path from 'node:path';
import * as vscode from 'vscode';
import { factsOf } from '../../../findings/all';
import { missingNamespaceImport } from '../../../findings/missingNamespaceImport';
import { symbolVersion } from '../../../findings/symbolVersion';
import type { Fix } from '../../../findings/types';
import { commandLink } from '../../editor/commands';
import { isThere } from '../../editor/uris';
import type { Lens } from '../lens';
import {
  addExtraSymbols,
  addLicense,
  importNamespaces,
  isImportable,
  namesExtraSymbols,
  versionHeader,
  type Insertion,
} from '../model/fixes';
import { providersOf } from '../model/providers';
import { changesOf } from '../model/versionChanges';
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
  const { finding } = diagnostic;
  const actions: vscode.CodeAction[] = [];
  for (const fix of finding.fixes) actions.push(...(await FIXES[fix](lens, document, diagnostic)));
  const argument = { modulePath: diagnostic.modulePath };
  actions.push(...whyActions(lens, diagnostic));
  return [...actions, run(t('Explain {0}', finding.code), diagnostic, commandLink('insmodLens.explain', '', argument))];
}

/** What changed in the types of the symbol, where one of the target kernels has the version that is wanted. */
function whyActions(lens: Lens, diagnostic: LensDiagnostic): vscode.CodeAction[] {
  if (diagnostic.finding.code !== symbolVersion.id) return [];
  const report = lens.modules.report(diagnostic.modulePath);
  const symbol = report?.symbols.find(({ name }) => name === diagnostic.finding.symbol);
  if (!report || !symbol) return [];
  return changesOf(report, symbol).map(({ release, ...change }) =>
    run(t('Why did it change on {0}?', release), diagnostic, commandLink('insmodLens.why', '', change)),
  );
}

type MakeFix = (
  lens: Lens,
  document: vscode.TextDocument,
  diagnostic: LensDiagnostic,
) => vscode.CodeAction[] | Promise<vscode.CodeAction[]>;

const FIXES: Readonly<Record<Fix, MakeFix>> = {
  'import-namespace': namespaceFix,
  'add-license': licenseFix,
  'add-extra-symbols': (lens, _, diagnostic) => extraSymbolsFix(lens, diagnostic),
  'load-providers': (_lens, _document, diagnostic) => loadFixes(diagnostic),
  rebuild: (_lens, _document, diagnostic) => buildFixes(diagnostic),
  // Arguments stand in scripts and settings, which have diagnostics of their own.
  'change-argument': () => [],
};

function licenseFix(_: Lens, document: vscode.TextDocument, diagnostic: LensDiagnostic): vscode.CodeAction[] {
  const source = document.getText();
  if (/^[ \t]*MODULE_LICENSE\s*\(/m.test(source)) return [];
  return [edit(t('Add {0}', 'MODULE_LICENSE("GPL")'), diagnostic, document.uri, [addLicense(source)])];
}

function loadFixes(diagnostic: LensDiagnostic): vscode.CodeAction[] {
  const argument = { modulePath: diagnostic.modulePath };
  return [
    run(
      t('Simulate as modprobe, which loads what it depends on'),
      diagnostic,
      commandLink('insmodLens.simulateModprobe', '', argument),
    ),
    run(t('Copy the load order as a script'), diagnostic, commandLink('insmodLens.copyInsmodScript', '', argument)),
  ];
}

function buildFixes(diagnostic: LensDiagnostic): vscode.CodeAction[] {
  const build = commandLink('insmodLens.build', '', { modulePath: diagnostic.modulePath });
  return [
    ...(vscode.workspace.isTrusted ? [run(t('Build the module again'), diagnostic, build)] : []),
    run(t('Select another target kernel'), diagnostic, commandLink('insmodLens.selectTargets', '')),
  ];
}

/** All missing imports of the module at once. */
function namespaceFix(lens: Lens, document: vscode.TextDocument, diagnostic: LensDiagnostic): vscode.CodeAction[] {
  const report = lens.modules.report(diagnostic.modulePath);
  if (!report || !/\.c$/.test(document.fileName)) return [];
  const missing = report.results.flatMap(({ result }) =>
    result.findings.flatMap(finding => factsOf(missingNamespaceImport, finding)?.namespace ?? []),
  );
  const names = [...new Set(missing)].filter(isImportable);
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
  const makefiles = await allThere(['Kbuild', 'Makefile'].map(name => vscode.Uri.file(path.join(directory, name))));
  const texts = await Promise.all(makefiles.map(uri => vscode.workspace.openTextDocument(uri)));
  const [makefile] = makefiles;
  const [document] = texts;
  if (!makefile || !document) return [];
  if (texts.some(each => namesExtraSymbols(each.getText(), directory, symvers))) return [];
  const relative = `$(src)/${path.relative(directory, symvers)}`;
  return [
    edit(t('Add {0} to {1}', `${other.name}/Module.symvers`, 'KBUILD_EXTRA_SYMBOLS'), diagnostic, makefile, [
      addExtraSymbols(document.getText(), relative),
    ]),
  ];
}

async function allThere(files: readonly vscode.Uri[]): Promise<vscode.Uri[]> {
  const there = await Promise.all(files.map(isThere));
  return files.filter((_, i) => there[i]);
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
  // What nobody sees changes only once it was looked at.
  const isShown = vscode.window.visibleTextEditors.some(({ document }) => document.uri.toString() === uri.toString());
  const preview = isShown ? undefined : { needsConfirmation: true, label: title };
  for (const { line, text } of insertions) action.edit.insert(uri, new vscode.Position(line, 0), text, preview);
  action.diagnostics = [diagnostic];
  return action;
}

function run(title: string, diagnostic: vscode.Diagnostic, command: vscode.Command): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = command;
  action.diagnostics = [diagnostic];
  return action;
}
