// Findings as diagnostics: the one place where the one becomes the other.
import * as vscode from 'vscode';
import { factsOf } from '../../../findings/all';
import { unknownSymbol } from '../../../findings/unknownSymbol';
import type { Severity, SourceLocation } from '../../../findings/types';
import type { EditorReport } from '../../../protocol/worker';
import { pageLink } from '../findingPages';
import { SECTION } from '../ids';
import type { Lens } from '../lens';
import { kernelsLine, shownFindings, type ShownFinding } from '../model/findings';
import { Debounce } from '../model/debounce';
import { severityOf } from '../model/severities';
import { setting } from '../settings';
import { say, t } from '../model/l10n';

export const SOURCE = 'Insmod Lens';

/** Milliseconds after the last of a burst of reports. */
const QUIET = 100;

/** The diagnostics of a module beside what they were made from. */
export class LensDiagnostic extends vscode.Diagnostic {
  constructor(
    range: vscode.Range,
    message: string,
    severity: vscode.DiagnosticSeverity,
    readonly finding: ShownFinding,
    readonly modulePath: string,
  ) {
    super(range, message, severity);
  }
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
    const files = report ? diagnosticsOf(report, lens.modules.all()) : new Map<string, vscode.Diagnostic[]>();
    byModule.set(module, files);
    if (!report) byModule.delete(module);
    for (const file of new Set([...(before?.keys() ?? []), ...files.keys()])) show(file);
  };
  // What one module exports, another may be missing.
  const siblings = new Debounce(QUIET, () => {
    for (const report of lens.modules.all()) if (lacksSymbol(report)) replace(report.path, report);
  });
  return vscode.Disposable.from(
    collection,
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

function lacksSymbol({ results }: EditorReport): boolean {
  return results.some(({ result }) =>
    result.findings.some(finding => factsOf(unknownSymbol, finding)?.providers.length === 0),
  );
}

function diagnosticsOf(report: EditorReport, workspace: readonly EditorReport[]): Map<string, vscode.Diagnostic[]> {
  const files = new Map<string, vscode.Diagnostic[]>();
  const add = (file: string, diagnostic: vscode.Diagnostic): void => {
    files.set(file, [...(files.get(file) ?? []), diagnostic]);
  };
  if (report.failure) add(report.path, unreadable(say(report.failure.reason)));
  const severities = setting('severities', vscode.Uri.file(report.path));
  for (const finding of shownFindings(report, workspace)) {
    const severity = severityOf(finding, severities);
    if (severity !== 'off') add(finding.place?.file ?? report.path, toDiagnostic(report, finding, severity));
  }
  return files;
}

function unreadable(reason: string): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), reason, vscode.DiagnosticSeverity.Warning);
  diagnostic.source = SOURCE;
  return diagnostic;
}

function toDiagnostic(report: EditorReport, finding: ShownFinding, severity: Severity): vscode.Diagnostic {
  const stale = finding.stale ? `${t('(from the last build)')} ` : '';
  const text = [stale + finding.message, finding.explanation, kernelsLine(finding)].filter(line => line !== '');
  const range = finding.place ? rangeAt(finding.place) : new vscode.Range(0, 0, 0, 0);
  const diagnostic = new LensDiagnostic(range, text.join('\n'), SEVERITIES[severity], finding, report.path);
  diagnostic.source = SOURCE;
  diagnostic.code = { value: finding.code, target: pageLink(finding.code) };
  diagnostic.relatedInformation = [
    ...finding.uses.map(use =>
      related(
        use.file,
        rangeAt(use),
        finding.symbol === null ? t('also here') : t('{0} is also used here', finding.symbol),
      ),
    ),
    ...finding.evidence.map(({ file, text: line }) => related(file, new vscode.Range(0, 0, 0, 0), line)),
  ];
  return diagnostic;
}

function related(file: string, range: vscode.Range, message: string): vscode.DiagnosticRelatedInformation {
  return new vscode.DiagnosticRelatedInformation(new vscode.Location(vscode.Uri.file(file), range), message);
}

/** The identifier at a place, if the file is open; else the editor widens an empty range to the word by itself. */
export function rangeAt({ file, line, column }: SourceLocation): vscode.Range {
  const position = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  const document = vscode.workspace.textDocuments.find(open => open.uri.scheme === 'file' && open.uri.fsPath === file);
  const word = document?.getWordRangeAtPosition(position, /[A-Za-z_]\w*/);
  return word ?? new vscode.Range(position, position);
}

export const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};
