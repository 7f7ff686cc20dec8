// "Explain kernel log": what the selected or copied lines of dmesg mean, with the module they are about where it is known.
import * as vscode from 'vscode';
import { command } from '../commands';
import { moduleName, type Lens } from '../lens';
import { t } from '../model/l10n';

/** More than any log of one boot; the rest of a clipboard is something else. */
const MOST = 1 << 20;

export function register(lens: Lens): vscode.Disposable {
  return command('insmodLens.explainLog', log => explain(lens, log));
}

async function explain(lens: Lens, given?: string): Promise<void> {
  const log = await findLog(lens, typeof given === 'string' ? given : undefined);
  if (log === null) {
    void vscode.window.showInformationMessage(
      t('Select lines of a kernel log, or copy them (dmesg | tail), and run this again.'),
    );
    return;
  }
  const { modules } = await lens.worker.request('modulesOfLog', log);
  const known = lens.modules.paths.find(file => modules.includes(moduleName(file)));
  const request = known === undefined ? null : lens.requestFor(known);
  const text = await lens.worker.request('explainLog', { log, request });
  await lens.documents.showMarkdown('kernel log.md', text);
}

/** The selection, else what was copied; null where neither has a line about loading modules. */
async function findLog(lens: Lens, given: string | undefined): Promise<string | null> {
  if (given !== undefined) return given;
  const editor = vscode.window.activeTextEditor;
  const selected = editor && !editor.selection.isEmpty ? editor.document.getText(editor.selection) : '';
  for (const text of [selected, await vscode.env.clipboard.readText()]) {
    const candidate = text.slice(0, MOST);
    if (candidate === '') continue;
    const { recognized } = await lens.worker.request('modulesOfLog', candidate);
    if (recognized || text === selected) return candidate;
  }
  return null;
}
