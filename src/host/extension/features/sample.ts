// "Open the sample workspace": a copy of what the extension carries, so that trying things out changes nothing of it.
import * as vscode from 'vscode';
import { command } from '../../editor/commands';
import { isThere } from '../../editor/uris';
import type { Lens } from '../lens';
import { t } from '../model/l10n';

interface Sample extends vscode.QuickPickItem {
  /** Its folder below media/ of the extension. */
  readonly folder: string;
  /** Its copy, in the storage of the extension. */
  readonly copy: string;
}

export function register({ context }: Lens): vscode.Disposable {
  return command('insmodLens.openSample', async () => {
    const sample = await vscode.window.showQuickPick(samples(), { title: t('Which sample workspace?') });
    if (!sample) return;
    const packaged = vscode.Uri.joinPath(context.extensionUri, 'media', sample.folder);
    const copy = vscode.Uri.joinPath(context.globalStorageUri, sample.copy);
    // What was tried out before is kept.
    if (!(await isThere(copy))) await vscode.workspace.fs.copy(packaged, copy);
    await vscode.commands.executeCommand('vscode.openFolder', copy, { forceNewWindow: isOccupied() });
  });
}

const samples = (): readonly Sample[] => [
  {
    label: t('Two modules for Debian 12'),
    detail: t('One loads, and one is refused for three reasons'),
    folder: 'workspace',
    copy: 'sample',
  },
  {
    label: t('The modules of the books, for a 32-bit Linux 2.6.39'),
    detail: t('Parameters, exports and their users, a notifier: to be watched step by step'),
    folder: 'classic',
    copy: 'classic',
  },
];

/** Whether the window shows something already. */
function isOccupied(): boolean {
  return (vscode.workspace.workspaceFolders?.length ?? 0) > 0;
}
