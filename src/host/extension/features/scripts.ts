// Module parameters on insmod and modprobe lines of scripts, in modprobe.d files and in settings: checked where they stand.
import * as vscode from 'vscode';
import { textsOf } from '../../../findings/all';
import type { ArgumentProblem } from '../../../protocol/worker';
import { pageLink } from '../../editor/findingPages';
import type { Lens } from '../lens';
import { parseModprobeConfig, parseScript, type ScriptArgument, type ScriptUse } from '../model/scriptLines';
import { parseSettings } from '../model/settingsLines';
import { moduleName } from '../lens';
import { severityOf } from '../model/severities';
import { setting } from '../../editor/settings';
import { SECTION } from '../../editor/ids';
import { Debounce } from '../model/debounce';
import { t } from '../model/l10n';
import { SEVERITIES, SOURCE } from '../../editor/diagnostics';
import { Cancelled } from '../../services/cancelled';

/** A problem with one parameter, and what to put instead of its name. */
export class ArgumentDiagnostic extends vscode.Diagnostic {
  constructor(
    range: vscode.Range,
    message: string,
    severity: vscode.DiagnosticSeverity,
    readonly nameRange: vscode.Range,
    readonly suggestion: string | null,
  ) {
    super(range, message, severity);
    this.source = SOURCE;
  }
}

const FILES =
  '**/{Makefile,makefile,GNUmakefile,Kbuild,*.mk,*.sh,modprobe.d/*.conf,*.modprobe.conf,.vscode/settings.json,*.code-workspace}';
const MOST_FILES = 300;
/** Larger scripts are generated. */
const MOST_TEXT = 1 << 20;
/** Reports come in bursts; scripts wait for the end of them. */
const QUIET = 150;

export function register(lens: Lens): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('insmod-lens-parameters');
  let generation = 0;
  const debounce = new Debounce(QUIET, () => {
    const mine = ++generation;
    checkAll(lens, collection, () => mine === generation).catch((error: unknown) => {
      if (!(error instanceof Cancelled)) lens.log.warn(String(error));
    });
  });
  const again = (): void => debounce.touch('all');
  const watcher = vscode.workspace.createFileSystemWatcher(FILES);
  return vscode.Disposable.from(
    collection,
    watcher,
    { dispose: () => debounce.dispose() },
    watcher.onDidCreate(again),
    watcher.onDidChange(again),
    watcher.onDidDelete(again),
    lens.onDidPublish(again),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration(`${SECTION}.severities`)) again();
    }),
  );
}

async function checkAll(lens: Lens, collection: vscode.DiagnosticCollection, isNewest: () => boolean): Promise<void> {
  const found: [vscode.Uri, vscode.Diagnostic[]][] = [];
  for (const uri of await vscode.workspace.findFiles(FILES, '**/node_modules/**', MOST_FILES)) {
    if (!isNewest()) return;
    const text = await readText(uri);
    if (text === null || !/insmod|modprobe|^[ \t]*options\s/m.test(text)) continue;
    const uses = parserOf(uri.path)(text);
    const diagnostics: vscode.Diagnostic[] = [];
    for (const use of uses) diagnostics.push(...(await checkUse(lens, uri, text, use)));
    found.push([uri, diagnostics]);
  }
  if (!isNewest()) return;
  collection.clear();
  collection.set(found);
}

/** What reads the parameters in a file. */
function parserOf(file: string): (text: string) => ScriptUse[] {
  if (file.endsWith('.conf')) return parseModprobeConfig;
  return /\.(?:json|code-workspace)$/.test(file) ? parseSettings : parseScript;
}

async function readText(uri: vscode.Uri): Promise<string | null> {
  const open = vscode.workspace.textDocuments.find(document => document.uri.toString() === uri.toString());
  if (open && !open.isDirty) return open.getText();
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    return bytes.length > MOST_TEXT ? null : new TextDecoder().decode(bytes);
  } catch {
    // Gone since it was listed.
    return null;
  }
}

async function checkUse(lens: Lens, uri: vscode.Uri, text: string, use: ScriptUse): Promise<vscode.Diagnostic[]> {
  const module = lens.modules.paths.find(file => moduleName(file) === use.module);
  if (module === undefined || use.args.length === 0) return [];
  // Of a value that holds a variable only the name is known.
  const args = use.args.map(arg => (arg.dynamic ? arg.name : quoted(arg.text)));
  const request = lens.requestFor(module);
  const { problems } = await lens.worker.request('checkArguments', { request, args });
  return use.args.flatMap((arg, i) => {
    const problem = problems[i];
    if (!problem || (arg.dynamic && !problem.isName)) return [];
    return toDiagnostic(uri, text, arg, problem) ?? [];
  });
}

/** As insmod of kmod 31 and later: a value with a blank is put in double quotes. */
function quoted(text: string): string {
  const equals = text.indexOf('=');
  const value = text.slice(equals + 1);
  return equals > 0 && value.includes(' ') && !value.startsWith('"') ? `${text.slice(0, equals)}="${value}"` : text;
}

function toDiagnostic(
  uri: vscode.Uri,
  text: string,
  arg: ScriptArgument,
  problem: ArgumentProblem,
): vscode.Diagnostic | null {
  const { code } = problem.finding;
  const severity = severityOf(problem.finding, setting('severities', uri));
  if (severity === 'off') return null;
  const name = new vscode.Range(positionAt(text, arg.start), positionAt(text, arg.nameEnd));
  const range = problem.isName ? name : new vscode.Range(name.start, positionAt(text, arg.end));
  const { message, explanation } = textsOf(problem.finding, t);
  const diagnostic = new ArgumentDiagnostic(
    range,
    `${message}\n${explanation}`,
    SEVERITIES[severity],
    name,
    problem.suggestion,
  );
  diagnostic.code = { value: code, target: pageLink(code) };
  return diagnostic;
}

function positionAt(text: string, offset: number): vscode.Position {
  const before = text.slice(0, offset);
  const line = before.split('\n').length - 1;
  return new vscode.Position(line, offset - (before.lastIndexOf('\n') + 1));
}
