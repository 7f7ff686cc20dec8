// Pages of findings as the extension carries them: they open without a network, in any kind of editor.
import * as vscode from 'vscode';
import type { CommandArguments } from './ids';
import { documentationFile, pagesOfIndex } from '../extension/model/docs';
import { t } from '../extension/model/l10n';

/** Opens the page of a code, or of one that is chosen. */
export async function showPage(extension: vscode.Uri, code: string | undefined): Promise<void> {
  const chosen = code ?? (await chooseCode(extension));
  if (chosen === undefined) return;
  const page = vscode.Uri.joinPath(extension, documentationFile(chosen));
  try {
    await vscode.commands.executeCommand('markdown.showPreview', page);
  } catch {
    await vscode.window.showTextDocument(page, { preview: true });
  }
}

/** What a diagnostic's code leads to. */
export function pageLink(code: string): vscode.Uri {
  const args: CommandArguments['insmodLens.showPage'] = [code];
  return vscode.Uri.parse(`command:insmodLens.showPage?${encodeURIComponent(JSON.stringify(args))}`);
}

async function chooseCode(extension: vscode.Uri): Promise<string | undefined> {
  const index = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, documentationFile('README')));
  const items = pagesOfIndex(new TextDecoder().decode(index)).map(({ code, title }) => ({
    label: code,
    description: title,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Finding'), matchOnDescription: true }))?.label;
}
