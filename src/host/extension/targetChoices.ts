// The kernels to choose from: what was found on this machine, was chosen before or fetched, and how to have others.
import * as vscode from 'vscode';
import type { FoundTarget } from '../../protocol/worker';
import { KERNEL_NAME } from '../../target/kernelName';
import { parseProfile, PROFILE } from '../../target/profile';
import type { TargetChoices } from '../editor/chooseTargets';
import { setting } from '../editor/settings';
import type { Lens } from './lens';
import { t } from './model/l10n';
import { absolute } from './settings';

export async function targetChoices(lens: Lens, placeHolder: string): Promise<TargetChoices> {
  const scope = vscode.window.activeTextEditor?.document.uri;
  const chosen = setting('targets', scope);
  const found = await findTargets(lens, chosen, scope);
  return {
    found: found.map(({ path, release, origin }) => ({
      key: path,
      label: release ?? path,
      description: `${originWord(origin)} - ${vscode.workspace.asRelativePath(path)}`,
      value: path,
    })),
    chosen: new Map(chosen.map(value => [absolute(value, scope), value])),
    placeHolder,
    browse,
    // A workspace without trust is not the reason to connect to anything.
    fetch: vscode.workspace.isTrusted ? () => fetchKernel(lens) : null,
    profile: askForRelease,
  };
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
    case 'fetched':
      return t('fetched');
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

/** Asks for a release and an architecture; as a target is named by them. */
async function askForRelease(): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    title: t('A kernel of a release, not at hand'),
    prompt: t(
      'Release and architecture. What the kernel exports is taken from the module; what stays open is not checked.',
    ),
    placeHolder: '2.6.39-i386',
    validateInput: value =>
      parseProfile(value) ? undefined : t('Expected RELEASE or RELEASE-ARCH, as in 2.6.39-i386'),
  });
  return name === undefined ? undefined : PROFILE + name;
}

const MEGABYTE = 1_000_000;

/** Asks for a name and fetches the kernel; undefined when the person changed their mind. */
async function fetchKernel(lens: Lens): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    title: t('A kernel that is not here'),
    prompt: t('A suite or a release of Debian: debian:13, debian:trixie/arm64, debian:6.1.0-50-amd64'),
    value: 'debian:13',
    validateInput: value => (KERNEL_NAME.test(value) ? undefined : t('Names of kernels begin with debian:')),
  });
  if (name === undefined) return undefined;
  const { release, warnings } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t('Fetching {0}', name), cancellable: true },
    (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return lens.inProcess('fetchKernel', { name, mirror: setting('mirror') || null }, abort.signal, event => {
        if (event.kind !== 'download') return;
        const { file, done, total } = event;
        const megabytes = (bytes: number): string => (bytes / MEGABYTE).toFixed(1);
        progress.report({ message: t('{0}: {1} of {2} MB', file, megabytes(done), megabytes(total)) });
      });
    },
  );
  for (const line of warnings) lens.log.warn(line);
  void vscode.window.showInformationMessage(t('{0} is the kernel {1}. It is kept for later.', name, release));
  return name;
}
