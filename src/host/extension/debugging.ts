// A debugger for a kernel that waits for one: that of an extension for C, else gdb in a terminal.
import * as vscode from 'vscode';
import type { BootEvent } from '../../protocol/boot';
import { moduleName, type Lens } from './lens';
import { launchWith } from './model/debuggers';
import { t } from './model/l10n';

/**
 * Starts the debugger.
 *
 * @param signal aborted when the machine has ended, or is to
 * @param ended is called when the debugger is closed
 */
export async function debugIn(
  lens: Lens,
  modulePath: string,
  { script, port, gdb }: Extract<BootEvent, { kind: 'debugger' }>,
  signal: AbortSignal,
  ended: () => void,
): Promise<void> {
  const name = moduleName(modulePath);
  const title = t('{0} on the real kernel', name);
  const isInstalled = (extension: string): boolean => vscode.extensions.getExtension(extension) !== undefined;
  const launch = launchWith(isInstalled, title, { module: name, modulePath, script, port, gdb: gdb ?? 'gdb' });
  if (launch) {
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(modulePath));
    const subscription = vscode.debug.onDidTerminateDebugSession(session => {
      if (session.name !== title) return;
      subscription.dispose();
      ended();
    });
    if (await vscode.debug.startDebugging(folder, launch)) return;
    subscription.dispose();
  }
  if (gdb === null) {
    void vscode.window.showErrorMessage(t('gdb is not installed: apt install gdb-multiarch'));
    return ended();
  }
  const file = vscode.Uri.joinPath(lens.context.globalStorageUri, `${name}.gdb`);
  await vscode.workspace.fs.createDirectory(lens.context.globalStorageUri);
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(script));
  const terminal = vscode.window.createTerminal({ name: title, shellPath: gdb, shellArgs: ['-q', '-x', file.fsPath] });
  const subscription = vscode.window.onDidCloseTerminal(closed => {
    if (closed !== terminal) return;
    subscription.dispose();
    ended();
  });
  signal.addEventListener('abort', () => terminal.dispose(), { once: true });
  terminal.show();
}
