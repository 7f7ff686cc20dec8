// "Explain kernel log" where the pages of the findings are files of the extension that have to be fetched.
import * as vscode from 'vscode';
import { explainLog } from '../../explain/explainLog';
import { t } from '../extension/model/l10n';
import { documentationFile } from '../extension/model/docs';
import { logText } from '../node/tools/logText';
import { readPage, type FindingPage } from '../node/tools/pageText';

/** More than any log of one boot; the rest of a clipboard is something else. */
const MOST = 1 << 20;

/** What the selected or copied lines mean, as Markdown; null where neither has a line about loading modules. */
export async function explainedLog(extension: vscode.Uri): Promise<string | null> {
  const log = await findLog();
  if (log === null) {
    void vscode.window.showInformationMessage(
      t('Select lines of a kernel log, or copy them (dmesg | tail), and run this again.'),
    );
    return null;
  }
  const { entries, tools } = explainLog(log);
  const codes = new Set([...entries.flatMap(entry => entry.codes), ...tools.flatMap(tool => tool.causes)]);
  const pages = new Map(
    await Promise.all([...codes].map(async code => [code, await readFindingPage(extension, code)] as const)),
  );
  return logText(log, { page: code => pages.get(code) ?? null }, null, t);
}

async function readFindingPage(extension: vscode.Uri, code: string): Promise<FindingPage> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, documentationFile(code)));
  return readPage(code, new TextDecoder().decode(bytes));
}

/** The selection, else what was copied. */
async function findLog(): Promise<string | null> {
  const editor = vscode.window.activeTextEditor;
  const selected = editor && !editor.selection.isEmpty ? editor.document.getText(editor.selection) : '';
  for (const text of [selected, await vscode.env.clipboard.readText()]) {
    const log = text.slice(0, MOST);
    const { entries, tools } = explainLog(log);
    if (log !== '' && (entries.length + tools.length > 0 || text === selected)) return log;
  }
  return null;
}
