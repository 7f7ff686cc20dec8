// What the kernels say of a module, in the Problems pane: on the module's file, for nobody knows its sources here.
import * as vscode from 'vscode';
import type { Severity } from '../../findings/types';
import { documentationUrl } from '../extension/model/docs';
import { kernelsLine, shownFindings } from '../extension/model/findings';
import { severityOf } from '../extension/model/severities';
import type { EditorReport } from '../../protocol/worker';
import { setting } from './settings';

const SOURCE = 'Insmod Lens';
const START = new vscode.Range(0, 0, 0, 0);

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** A module that cannot be read at all. */
export function unreadable(reason: string): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(START, reason, vscode.DiagnosticSeverity.Warning);
  diagnostic.source = SOURCE;
  return diagnostic;
}

export function diagnosticsOf(uri: vscode.Uri, report: EditorReport): vscode.Diagnostic[] {
  const chosen = setting('severities', uri);
  return shownFindings(report).flatMap(finding => {
    const severity = severityOf(finding, chosen);
    if (severity === 'off') return [];
    const text = [finding.message, finding.explanation, kernelsLine(finding)].filter(line => line !== '').join('\n');
    const diagnostic = new vscode.Diagnostic(START, text, SEVERITIES[severity]);
    diagnostic.source = SOURCE;
    diagnostic.code = { value: finding.code, target: vscode.Uri.parse(documentationUrl(finding.code)) };
    return [diagnostic];
  });
}
