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
  /** Fetches a kernel by its name; null where that cannot be, undefined when the person changed their mind. */
  readonly fetch: (() => Promise<string | undefined>) | null;
  /** Asks for a release of which nothing is at hand; null where that cannot be, undefined when the person changed their mind. */
  readonly profile: (() => Promise<string | undefined>) | null;
}

interface TargetItem extends vscode.QuickPickItem {
  /** As it stands in the setting, or would; null for a kernel the list does not have. */
  readonly value: string | null;
  readonly asks?: 'browse' | 'fetch' | 'profile';
}

export async function chooseTargets(choices: TargetChoices): Promise<void> {
  const values = await pickTargets(choices, t('Target kernels'));
  if (!values) return;
  const where = vscode.workspace.workspaceFolders
    ? vscode.ConfigurationTarget.Workspace
    : vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration(SECTION).update('targets', values, where);
}

/** Kernels that a person chooses, as a setting names them; undefined when they changed their mind. */
export async function pickTargets(
  { found, chosen, placeHolder, browse, fetch, profile }: TargetChoices,
  title: string,
): Promise<string[] | undefined> {
  const rest = new Map(chosen);
  const items = found.map(({ key, value, ...shown }): TargetItem => ({
    ...shown,
    value: rest.get(key) ?? value,
    picked: rest.delete(key),
  }));
  const description = t('chosen, and not there');
  for (const [label, value] of rest) items.push({ label, description, value, picked: true });
  const ask = (label: string, asks: TargetItem['asks'] & string): unknown =>
    items.push({ label, value: null, asks, alwaysShow: true });
  if (browse) ask(`$(folder-opened) ${t('Another kernel ...')}`, 'browse');
  if (fetch) ask(`$(cloud-download) ${t('A kernel that is not here ...')}`, 'fetch');
  if (profile) ask(`$(history) ${t('A kernel of a release, not at hand ...')}`, 'profile');
  if (items.length === 0) {
    void vscode.window.showInformationMessage(t('There is no snapshot of a kernel here to check the module against.'));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    matchOnDescription: true,
    title,
    placeHolder,
  });
  if (!picked) return undefined;
  const values = picked.flatMap(({ value }) => value ?? []);
  if (browse && picked.some(({ asks }) => asks === 'browse')) values.push(...(await browse()));
  const named = [
    fetch && picked.some(({ asks }) => asks === 'fetch') ? await fetch() : undefined,
    profile && picked.some(({ asks }) => asks === 'profile') ? await profile() : undefined,
  ];
  return [...new Set([...values, ...named.flatMap(name => name ?? [])])];
}
