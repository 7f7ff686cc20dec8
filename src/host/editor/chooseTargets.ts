// Choosing target kernels: those that were found, those chosen before, perhaps others.
import * as vscode from 'vscode';
import { t } from '../extension/model/l10n';
import { SECTION } from './ids';

export interface FoundKernel {
  /** Tells it from others. */
  readonly key: string;
  readonly label: string;
  readonly description?: string;
  /** What the setting names it by, unless it does already. */
  readonly value: string;
}

export interface TargetChoices {
  readonly found: readonly FoundKernel[];
  /** What the setting has now, by key. */
  readonly chosen: ReadonlyMap<string, string>;
  readonly placeHolder: string;
  /** Asks for kernels that are not in the list; null where that cannot be. */
  readonly browse: (() => Promise<readonly string[]>) | null;
}

interface TargetItem extends vscode.QuickPickItem {
  /** As it stands in the setting, or would; null for a kernel the list does not have. */
  readonly value: string | null;
}

export async function chooseTargets({ found, chosen, placeHolder, browse }: TargetChoices): Promise<void> {
  const rest = new Map(chosen);
  const items = found.map(({ key, value, ...shown }): TargetItem => ({
    ...shown,
    value: rest.get(key) ?? value,
    picked: rest.delete(key),
  }));
  const description = t('chosen, and not there');
  for (const [label, value] of rest) items.push({ label, description, value, picked: true });
  if (browse) items.push({ label: `$(folder-opened) ${t('Another kernel ...')}`, value: null, alwaysShow: true });
  if (items.length === 0) {
    void vscode.window.showInformationMessage(t('There is no snapshot of a kernel here to check the module against.'));
    return;
  }
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    matchOnDescription: true,
    title: t('Target kernels'),
    placeHolder,
  });
  if (!picked) return;
  const values = picked.flatMap(({ value }) => value ?? []);
  if (browse && picked.some(({ value }) => value === null)) values.push(...(await browse()));
  const where = vscode.workspace.workspaceFolders
    ? vscode.ConfigurationTarget.Workspace
    : vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration(SECTION).update('targets', values, where);
}
