// "Would it load on ...": modules of the workspace against kernels that are chosen, as a page.
import * as vscode from 'vscode';
import type { TargetChoice } from '../../../protocol/analysis';
import type { MatrixAnswer } from '../../../protocol/worker';
import { pickTargets } from '../../editor/chooseTargets';
import { command } from '../../editor/commands';
import type { ModuleArgument } from '../../editor/ids';
import type { Lens } from '../lens';
import { t } from '../model/l10n';
import { matrixPageOf } from '../model/matrixPage';
import { ReportPages } from '../reportPages';
import { targetChoices } from '../targetChoices';
import { absolute } from '../settings';

export function register(lens: Lens): vscode.Disposable {
  const pages = new ReportPages(lens.context.extensionUri);
  return vscode.Disposable.from(
    pages,
    command('insmodLens.matrix', argument => ask(lens, pages, argument)),
  );
}

async function ask(lens: Lens, pages: ReportPages, argument: ModuleArgument): Promise<void> {
  const modules = argument === undefined ? lens.modules.paths : [await lens.pickModule(argument)];
  const paths = modules.flatMap(path => path ?? []);
  if (paths.length === 0) {
    void vscode.window.showInformationMessage(t('There is no built kernel module (.ko) here yet.'));
    return;
  }
  const values = await pickTargets(
    await targetChoices(lens, t('Kernels to load the modules on')),
    t('Would it load on ...'),
  );
  if (!values || values.length === 0) return;
  await show(
    lens,
    pages,
    paths,
    values.map(value => ({ path: absolute(value, undefined) })),
  );
}

async function show(
  lens: Lens,
  pages: ReportPages,
  paths: readonly string[],
  targets: readonly TargetChoice[],
): Promise<void> {
  const requests = paths.map(path => ({ ...lens.requestFor(path), targets }));
  const answer = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: t('Loading each module on each kernel ({0} in all)', paths.length * targets.length),
      cancellable: true,
    },
    (_progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      // Many modules on many kernels take long, and must not delay other requests.
      return lens.inProcess('matrix', requests, abort.signal, () => undefined);
    },
  );
  pages.show({
    key: 'matrix',
    title: t('Would it load'),
    page: matrixPageOf(answer, path => vscode.workspace.asRelativePath(path)),
    act: () => show(lens, pages, paths, targets),
    cell: (row, column) => openCell(answer, row, column),
  });
}

/** The line of C of what refuses a module, else everything that is known about the module. */
async function openCell({ matrix, places }: MatrixAnswer, row: number, column: number): Promise<void> {
  const place = places[row]?.[column];
  const modulePath = matrix.modules[row]?.path;
  if (place) {
    const at = new vscode.Position(place.line - 1, Math.max(0, place.column - 1));
    await vscode.window.showTextDocument(vscode.Uri.file(place.file), { selection: new vscode.Range(at, at) });
  } else if (modulePath !== undefined) await vscode.commands.executeCommand('insmodLens.explain', { modulePath });
}
