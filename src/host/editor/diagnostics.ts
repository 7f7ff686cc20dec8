// Findings as diagnostics: the one place where the one becomes the other.
import * as vscode from 'vscode';
import type { Severity, SourceLocation } from '../../findings/types';
import type { EditorReport } from '../../protocol/worker';
import { kernelsLine, shownFindings, type ShownFinding } from '../extension/model/findings';
import { say, t } from '../extension/model/l10n';
import { severityOf } from '../extension/model/severities';
import { isEdited, presentPlace } from './presentPlaces';
import { pageLink } from './findingPages';
import { setting } from './settings';
import { uriNear } from './uris';

export const SOURCE = 'Insmod Lens';

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

/**
 * The diagnostics of a module by the path of the file they are shown on.
 *
 * @param module for its settings
 * @param workspace reports of the other modules
 * @param isShown false for what is marked elsewhere
 */
export function diagnosticsOf(
  module: vscode.Uri,
  report: EditorReport,
  workspace: readonly EditorReport[] = [],
  isShown: (finding: ShownFinding) => boolean = () => true,
): Map<string, vscode.Diagnostic[]> {
  const files = new Map<string, vscode.Diagnostic[]>();
  const add = (file: string, diagnostic: vscode.Diagnostic): void => {
    const known = files.get(file);
    if (known) known.push(diagnostic);
    else files.set(file, [diagnostic]);
  };
  if (report.failure) add(report.path, unreadable(say(report.failure.reason)));
  const severities = setting('severities', module);
  for (const finding of shownFindings(report, workspace)) {
    const severity = severityOf(finding, severities);
    if (severity === 'off' || !isShown(finding)) continue;
    const places = finding.place
      ? [finding.place, ...finding.uses].flatMap(use => presentPlace(report, use) ?? [])
      : [];
    // The text it was about has been deleted: the next build will tell.
    if (finding.place && places.length === 0) continue;
    add(places[0]?.file ?? report.path, toDiagnostic(module, report, finding, severity, places));
  }
  return files;
}

/** A module that cannot be read at all. */
export function unreadable(reason: string): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), reason, vscode.DiagnosticSeverity.Warning);
  diagnostic.source = SOURCE;
  return diagnostic;
}

function toDiagnostic(
  module: vscode.Uri,
  report: EditorReport,
  finding: ShownFinding,
  severity: Severity,
  [place, ...uses]: readonly SourceLocation[],
): vscode.Diagnostic {
  const isOld = finding.stale || (place !== undefined && isEdited(report, place.file));
  const stale = isOld ? `${t('(from the last build)')} ` : '';
  const text = [stale + finding.message, finding.explanation, kernelsLine(finding)].filter(line => line !== '');
  const range = place ? rangeAt(place) : new vscode.Range(0, 0, 0, 0);
  const diagnostic = new LensDiagnostic(range, text.join('\n'), SEVERITIES[severity], finding, report.path);
  diagnostic.source = SOURCE;
  diagnostic.code = { value: finding.code, target: pageLink(finding.code) };
  diagnostic.relatedInformation = [
    ...uses.map(use =>
      related(
        uriNear(module, use.file),
        rangeAt(use),
        finding.symbol === null ? t('also here') : t('{0} is also used here', finding.symbol),
      ),
    ),
    ...finding.evidence.flatMap(({ place, text: line }) =>
      place ? related(uriNear(module, place.file), rangeAt(place), line) : [],
    ),
  ];
  return diagnostic;
}

function related(file: vscode.Uri, range: vscode.Range, message: string): vscode.DiagnosticRelatedInformation {
  return new vscode.DiagnosticRelatedInformation(new vscode.Location(file, range), message);
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
