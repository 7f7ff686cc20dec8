// Marks every other use of what a diagnostic is about: the diagnostic itself stands at the first.
import * as vscode from 'vscode';
import type { Lens } from '../lens';
import { Debounce } from '../model/debounce';
import { shownFindings } from '../model/findings';
import { severityOf } from '../model/severities';
import { setting } from '../../editor/settings';
import { rangeAt } from '../../editor/diagnostics';
import { presentPlace } from '../../editor/presentPlaces';

/** Milliseconds without typing. */
const QUIET = 100;

export function register(lens: Lens): vscode.Disposable {
  const error = underline('editorError.foreground');
  const warning = underline('editorWarning.foreground');
  const draw = (editor: vscode.TextEditor): void => {
    const { uri } = editor.document;
    const errors: vscode.Range[] = [];
    const warnings: vscode.Range[] = [];
    const severities = setting('severities', uri);
    for (const report of lens.reportsFor(uri))
      for (const finding of shownFindings(report, lens.modules.all())) {
        const severity = severityOf(finding, severities);
        const ranges = severity === 'error' ? errors : severity === 'warning' ? warnings : null;
        for (const use of finding.uses) {
          const place = use.file === uri.fsPath ? presentPlace(report, use) : null;
          if (place) ranges?.push(rangeAt(place));
        }
      }
    editor.setDecorations(error, errors);
    editor.setDecorations(warning, warnings);
  };
  const drawAll = (): void => vscode.window.visibleTextEditors.forEach(draw);
  const later = new Debounce(QUIET, drawAll);
  return vscode.Disposable.from(
    error,
    warning,
    { dispose: () => later.dispose() },
    vscode.workspace.onDidChangeTextDocument(() => later.touch('all')),
    lens.onDidPublish(drawAll),
    vscode.window.onDidChangeVisibleTextEditors(drawAll),
  );
}

function underline(colour: string): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    overviewRulerColor: new vscode.ThemeColor(colour),
    overviewRulerLane: vscode.OverviewRulerLane.Right,
    borderColor: new vscode.ThemeColor(colour),
    borderStyle: 'none none dotted none',
    borderWidth: '1px',
  });
}
