// Choosing target kernels.
import * as vscode from 'vscode';
import { SECTION } from '../ids';
import type { FoundTarget } from '../../../protocol/worker';
import { command } from '../commands';
import type { Lens } from '../lens';
import { absolute, setting } from '../settings';
import { t } from '../model/l10n';

export function register(lens: Lens): vscode.Disposable {
  return command('insmodLens.selectTargets', () => selectTargets(lens));
}

interface TargetItem extends vscode.QuickPickItem {
  /** As it stands in the setting, or would. */
  readonly value: string | null;
}

/** What stands for a kernel the list does not have. */
const isOther = ({ value }: TargetItem): boolean => value === null;

async function selectTargets(lens: Lens): Promise<void> {
  const scope = vscode.window.activeTextEditor?.document.uri;
  const chosen = setting('targets', scope);
  const items = itemsOf(await findTargets(lens, chosen, scope), chosen, scope);
  const pick = await pickTargets(items);
  if (!pick) return;
  const values = pick.flatMap(item => item.value ?? []);
  if (pick.some(isOther)) values.push(...(await browse()));
  const where = vscode.workspace.workspaceFolders
    ? vscode.ConfigurationTarget.Workspace
    : vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration(SECTION).update('targets', values, where);
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

function itemsOf(
  found: readonly FoundTarget[],
  chosen: readonly string[],
  scope: vscode.Uri | undefined,
): TargetItem[] {
  const byPath = new Map(chosen.map(value => [absolute(value, scope), value]));
  const items = found.map(({ path, release, origin }) => ({
    label: release ?? path,
    description: `${originWord(origin)} - ${vscode.workspace.asRelativePath(path)}`,
    value: byPath.get(path) ?? path,
    picked: byPath.delete(path),
  }));
  // Chosen, and not there any more.
  const rest = [...byPath].map(([path, value]) => ({
    label: path,
    description: t('chosen, and not there'),
    value,
    picked: true,
  }));
  return [...items, ...rest, { label: `$(folder-opened) ${t('Another kernel ...')}`, value: null, alwaysShow: true }];
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

function pickTargets(items: readonly TargetItem[]): Thenable<readonly TargetItem[] | undefined> {
  return vscode.window.showQuickPick(items, {
    canPickMany: true,
    matchOnDescription: true,
    title: t('Target kernels'),
    placeHolder: t('Kernels to hold modules against; none: the one each module was built against'),
  });
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
