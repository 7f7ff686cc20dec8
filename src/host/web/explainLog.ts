// "Explain kernel log" where the pages of the findings are files of the extension that have to be fetched.
import * as vscode from 'vscode';
import { explainLog } from '../../explain/explainLog';
import { findLog } from '../editor/findLog';
import { t } from '../extension/model/l10n';
import { documentationFile } from '../extension/model/docs';
import { logText } from '../node/tools/logText';
import { readPage, type FindingPage } from '../node/tools/pageText';

/** What the selected or copied lines mean, as Markdown; null where neither has a line about loading modules. */
export async function explainedLog(extension: vscode.Uri): Promise<string | null> {
  const log = await findLog(text => {
    const { entries, tools } = explainLog(text);
    return entries.length + tools.length > 0;
  });
  if (log === null) return null;
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
