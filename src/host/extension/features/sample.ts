// "Open the sample workspace": a copy of what the extension carries, so that trying things out changes nothing of it.
import * as vscode from 'vscode';
import { command } from '../../editor/commands';
import { isThere } from '../../editor/uris';
import type { Lens } from '../lens';

export function register({ context }: Lens): vscode.Disposable {
  return command('insmodLens.openSample', async () => {
    const packaged = vscode.Uri.joinPath(context.extensionUri, 'media', 'workspace');
    const copy = vscode.Uri.joinPath(context.globalStorageUri, 'sample');
    // What was tried out before is kept.
    if (!(await isThere(copy))) await vscode.workspace.fs.copy(packaged, copy);
    await vscode.commands.executeCommand('vscode.openFolder', copy, { forceNewWindow: isOccupied() });
  });
}

/** Whether the window shows something already. */
function isOccupied(): boolean {
  return (vscode.workspace.workspaceFolders?.length ?? 0) > 0;
}
