// Choosing target kernels.
import * as vscode from 'vscode';
import { chooseTargets } from '../../editor/chooseTargets';
import type { FoundTarget } from '../../../protocol/worker';
import { command } from '../../editor/commands';
import type { Lens } from '../lens';
import { setting } from '../../editor/settings';
import { absolute } from '../settings';
import { t } from '../model/l10n';

export function register(lens: Lens): vscode.Disposable {
  return command('insmodLens.selectTargets', () => selectTargets(lens));
}

async function selectTargets(lens: Lens): Promise<void> {
  const scope = vscode.window.activeTextEditor?.document.uri;
  const chosen = setting('targets', scope);
  const found = await findTargets(lens, chosen, scope);
  await chooseTargets({
    found: found.map(({ path, release, origin }) => ({
      key: path,
      label: release ?? path,
      description: `${originWord(origin)} - ${vscode.workspace.asRelativePath(path)}`,
      value: path,
    })),
    chosen: new Map(chosen.map(value => [absolute(value, scope), value])),
    placeHolder: t('Kernels to check modules against; none: the one each module was built against'),
    browse,
  });
}

async function findTargets(
  lens: Lens,
  chosen: readonly string[],
  scope: vscode.Uri | undefined,
): Promise<readonly FoundTarget[]> {
  const globs = setting('snapshots');
  const found = await Promise.all(globs.map(glob => vscode.workspace.findFiles(glob, '**/node_modules/**', 50)));
  const snapshots = found.flat().map(uri => uri.fsPath);
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Looking for kernels') },
    async () =>
      await lens.worker.request('findTargets', {
        chosen: chosen.map(value => absolute(value, scope)),
        modules: lens.modules.paths,
        snapshots,
      }),
  );
}

function originWord(origin: FoundTarget['origin']): string {
  switch (origin) {
    case 'chosen':
      return t('chosen');
    case 'built against':
      return t('built against');
    case 'running kernel':
      return t('running kernel');
    case 'installed':
      return t('installed');
    case 'headers':
      return t('headers');
    case 'snapshot':
      return t('snapshot');
  }
}

async function browse(): Promise<string[]> {
  const uris = await vscode.window.showOpenDialog({
    canSelectFiles: true,
    canSelectFolders: true,
    canSelectMany: true,
    openLabel: t('Use as target'),
    title: t('A kernel build directory, /lib/modules/RELEASE, or a snapshot'),
  });
  return (uris ?? []).map(uri => uri.fsPath);
}
