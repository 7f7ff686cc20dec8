// The kernel log a command is about: the selected lines, else the copied ones.
import * as vscode from 'vscode';
import { t } from '../extension/model/l10n';

/** More than any log of one boot; the rest of a clipboard is something else. */
const MOST = 1 << 20;

/** @param isLog whether a text has a line about loading modules; null, told to the person, where neither has one */
export async function findLog(isLog: (text: string) => boolean | Promise<boolean>): Promise<string | null> {
  const editor = vscode.window.activeTextEditor;
  const selected = editor && !editor.selection.isEmpty ? editor.document.getText(editor.selection) : '';
  for (const text of [selected, await vscode.env.clipboard.readText()]) {
    const log = text.slice(0, MOST);
    if (log !== '' && ((await isLog(log)) || text === selected)) return log;
  }
  void vscode.window.showInformationMessage(
    t('Select lines of a kernel log, or copy them (dmesg | tail), and run this again.'),
  );
  return null;
}
