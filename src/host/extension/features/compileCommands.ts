// compile_commands.json of the workspace: by a command, and after builds where a setting says so.
import path from 'node:path';
import * as vscode from 'vscode';
import { command } from '../../editor/commands';
import { setting } from '../../editor/settings';
import type { Lens } from '../lens';
import { Debounce } from '../model/debounce';
import { t } from '../model/l10n';

/** Milliseconds after the last of a burst of builds. */
const QUIET = 500;

export function register(lens: Lens): vscode.Disposable {
  const later = new Debounce(QUIET, folder => {
    write(lens, folder).catch((error: unknown) => lens.log.warn(String(error)));
  });
  return vscode.Disposable.from(
    { dispose: () => later.dispose() },
    command('insmodLens.compileCommands', async () => {
      for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
        const count = await write(lens, uri.fsPath);
        const file = vscode.workspace.asRelativePath(path.join(uri.fsPath, 'compile_commands.json'));
        void (count === 0
          ? vscode.window.showWarningMessage(t('There are no .cmd files from kbuild here. Build the modules first.'))
          : vscode.window.showInformationMessage(
              count === 1 ? t('{0}: {1} source.', file, 1) : t('{0}: {1} sources.', file, count),
            ));
      }
    }),
    lens.onDidPublish(({ path: file, report }) => {
      const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file))?.uri;
      if (report && folder && setting('compileCommands', folder) && vscode.workspace.isTrusted)
        later.touch(folder.fsPath);
    }),
  );
}

function write(lens: Lens, folder: string): Promise<number> {
  return lens.worker.request('writeCompileCommands', folder);
}
