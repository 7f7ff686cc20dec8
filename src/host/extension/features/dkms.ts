// Diagnostics of dkms.conf, with the edit that mends the commonest fault.
import path from 'node:path';
import * as vscode from 'vscode';
import { factsOf, textsOf } from '../../../findings/all';
import { dkmsKernel } from '../../../findings/dkmsKernel';
import { dkmsFindings, filesToRead } from '../../../kmod/dkms';
import { SEVERITIES, SOURCE } from '../../editor/diagnostics';
import { pageLink } from '../../editor/findingPages';
import { setting } from '../../editor/settings';
import { isThere } from '../../editor/uris';
import type { Lens } from '../lens';
import { Debounce } from '../model/debounce';
import { passKernel } from '../model/dkms';
import { t } from '../model/l10n';
import { severityOf } from '../model/severities';

const CONF = '**/dkms.conf';
/** More than a workspace has. */
const MOST_FILES = 100;
/** Milliseconds without typing. */
const QUIET = 200;

class DkmsDiagnostic extends vscode.Diagnostic {
  argument: string | null = null;
}

export function register(lens: Lens): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('insmod-lens-dkms');
  const show = (uri: vscode.Uri): void => {
    look(uri)
      .then(found => collection.set(uri, found))
      .catch((error: unknown) => {
        collection.delete(uri);
        lens.log.debug(String(error));
      });
  };
  const later = new Debounce(QUIET, file => show(vscode.Uri.file(file)));
  const watcher = vscode.workspace.createFileSystemWatcher(CONF);
  const folders = vscode.workspace.createFileSystemWatcher('**/*', false, true, true);
  const showIfThere = (conf: vscode.Uri): void => void isThere(conf).then(there => there && show(conf));
  const lookForAll = async (): Promise<void> => {
    for (const uri of await vscode.workspace.findFiles(CONF, '**/node_modules/**', MOST_FILES)) show(uri);
  };
  lookForAll().catch((error: unknown) => lens.log.debug(String(error)));
  return vscode.Disposable.from(
    collection,
    watcher,
    { dispose: () => later.dispose() },
    folders,
    // A folder that appears with a dkms.conf in it is told as one event, that of the folder.
    folders.onDidCreate(uri => showIfThere(vscode.Uri.joinPath(uri, 'dkms.conf'))),
    watcher.onDidCreate(show),
    watcher.onDidChange(show),
    watcher.onDidDelete(uri => collection.delete(uri)),
    vscode.workspace.onDidChangeTextDocument(({ document: { uri } }) => {
      if (uri.scheme === 'file' && path.basename(uri.fsPath) === 'dkms.conf') later.touch(uri.fsPath);
    }),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (!/^(?:Makefile|Kbuild)$/.test(path.basename(uri.fsPath))) return;
      showIfThere(vscode.Uri.joinPath(uri, '..', 'dkms.conf'));
    }),
    vscode.languages.registerCodeActionsProvider(
      { scheme: 'file', pattern: CONF },
      { provideCodeActions: (document, _range, context) => fixesFor(document, context, collection) },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  );
}

async function look(uri: vscode.Uri): Promise<DkmsDiagnostic[]> {
  const conf = (await vscode.workspace.openTextDocument(uri)).getText();
  const makefiles: string[] = [];
  for (const name of ['Makefile', 'Kbuild']) {
    const text = await textBeside(uri, name);
    if (text !== null) makefiles.push(text);
  }
  const code = new Map<string, string | null>();
  for (;;) {
    const names = filesToRead({ conf, makefiles, code });
    if (names.length === 0) break;
    for (const name of names) code.set(name, await textBeside(uri, name));
  }
  const severities = setting('severities', uri);
  const found: DkmsDiagnostic[] = [];
  for (const finding of dkmsFindings({ conf, confFile: uri.fsPath, makefiles, code })) {
    const severity = severityOf(finding, severities);
    const [place] = finding.locations;
    if (severity === 'off' || !place) continue;
    const { message, explanation } = textsOf(finding, t);
    const line = place.line - 1;
    const range = new vscode.Range(line, place.column - 1, line, Number.MAX_SAFE_INTEGER);
    const diagnostic = new DkmsDiagnostic(range, `${message}\n${explanation}`, SEVERITIES[severity]);
    diagnostic.source = SOURCE;
    diagnostic.code = { value: finding.code, target: pageLink(finding.code) };
    diagnostic.argument = factsOf(dkmsKernel, finding)?.argument ?? null;
    found.push(diagnostic);
  }
  return found;
}

/** The text of a file beside dkms.conf; null for none, and for one that cannot be read. */
async function textBeside(conf: vscode.Uri, name: string): Promise<string | null> {
  try {
    return Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(conf, '..', name))).toString();
  } catch {
    return null;
  }
}

function fixesFor(
  document: vscode.TextDocument,
  { diagnostics }: vscode.CodeActionContext,
  collection: vscode.DiagnosticCollection,
): vscode.CodeAction[] {
  // The editor hands back copies; ours, with the argument in it, stands on the same line.
  const own = (collection.get(document.uri) ?? []) as readonly DkmsDiagnostic[];
  return own.flatMap(diagnostic => {
    const { argument } = diagnostic;
    const { line } = diagnostic.range.start;
    if (argument === null || !diagnostics.some(({ range }) => range.start.line === line)) return [];
    const text = passKernel(document.getText(), line, argument);
    if (text === null) return [];
    const action = new vscode.CodeAction(t('Pass {0} to make', argument), vscode.CodeActionKind.QuickFix);
    action.edit = new vscode.WorkspaceEdit();
    action.edit.replace(document.uri, document.lineAt(line).range, text);
    action.diagnostics = [diagnostic];
    action.isPreferred = true;
    return [action];
  });
}
