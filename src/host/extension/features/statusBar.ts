// One verdict for the module of the active editor, and the context the editor's menu asks for.
import path from 'node:path';
import * as vscode from 'vscode';
import type { EditorReport } from '../../../protocol/worker';
import { commandLink } from '../../editor/commands';
import { CONTEXT_MODULE_OF_EDITOR } from '../../editor/ids';
import type { Lens } from '../lens';
import { loadsText, overall, sizesByTarget, verdictText, type Overall } from '../model/text';
import { inCode, plain } from '../../../protocol/markdown';
import { say, t } from '../model/l10n';

const ICONS: Readonly<Record<Overall, string>> = {
  loads: '$(pass)',
  refused: '$(error)',
  mixed: '$(warning)',
  unchecked: '$(question)',
  unknown: '$(question)',
};

export function register(lens: Lens): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('insmodLens.verdict', vscode.StatusBarAlignment.Left, 50);
  item.name = 'Insmod Lens';
  const update = (): void => {
    const active = vscode.window.activeTextEditor?.document.uri;
    const reports = active ? lens.reportsFor(active) : [];
    const shown = reports.length > 0 ? reports : lens.modules.all().length === 1 ? lens.modules.all() : [];
    void vscode.commands.executeCommand('setContext', CONTEXT_MODULE_OF_EDITOR, reports.length > 0);
    if (shown.length === 0) return item.hide();
    render(item, shown);
    item.show();
  };
  update();
  return vscode.Disposable.from(item, lens.onDidPublish(update), vscode.window.onDidChangeActiveTextEditor(update));
}

function render(item: vscode.StatusBarItem, reports: readonly EditorReport[]): void {
  const worst =
    reports.find(report => overall(report) === 'refused') ??
    reports.find(report => overall(report) === 'mixed') ??
    reports.find(report => overall(report) === 'unchecked') ??
    reports[0];
  if (!worst) return;
  const state = overall(worst);
  const others = reports.length > 1 ? ` +${reports.length - 1}` : '';
  item.text = `${ICONS[state]} ${worst.name}: ${words(worst, state)}${others}`;
  item.tooltip = tooltip(reports);
  item.command =
    state === 'unknown' && !worst.failure
      ? commandLink('insmodLens.selectTargets', t('Select target kernels'))
      : commandLink('insmodLens.explain', t('Explain'), { modulePath: worst.path });
  item.backgroundColor =
    state === 'refused'
      ? new vscode.ThemeColor('statusBarItem.errorBackground')
      : state === 'mixed' || state === 'unchecked'
        ? new vscode.ThemeColor('statusBarItem.warningBackground')
        : undefined;
}

function words(report: EditorReport, state: Overall): string {
  const { results } = report;
  if (report.failure) return t('cannot be read');
  if (state === 'unknown') return t('no target kernel');
  if (state === 'mixed') {
    const loads = results.filter(({ result }) => result.verdict === 'loads').length;
    return t('loads on {0} of {1}', loads, results.length);
  }
  const first = results[0];
  if (!first) return '';
  if (state === 'refused')
    return t('refused ({0})', [...new Set(results.map(({ result }) => result.errnoName))].join(', '));
  if (state === 'unchecked') return t('unchecked');
  return results.length === 1 ? loadsText(first.result.depends) : t('would load on all {0}', results.length);
}

function tooltip(reports: readonly EditorReport[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  text.isTrusted = { enabledCommands: ['insmodLens.selectTargets', 'insmodLens.simulateInsmod'] };
  for (const report of reports) {
    text.appendMarkdown(`**${plain(path.basename(report.path))}**\n\n`);
    if (report.failure) text.appendMarkdown(`- ${plain(say(report.failure.reason))}\n`);
    for (const { release, result } of report.results) {
      const icon = ICONS[result.verdict];
      text.appendMarkdown(`- ${icon} ${plain(release)}: ${plain(verdictText(result))}\n`);
    }
    for (const missing of report.missingTargets)
      text.appendMarkdown(`- $(question) \`${inCode(missing.path)}\`: ${plain(say(missing.reason))}\n`);
    for (const line of sizesByTarget(report.results)) text.appendMarkdown(`- ${plain(line)}\n`);
    text.appendMarkdown('\n');
  }
  text.appendMarkdown(`[${t('Select target kernels')}](command:insmodLens.selectTargets)`);
  return text;
}
