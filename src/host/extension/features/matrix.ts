// "Would it load on ...": modules of the workspace against kernels that are chosen, as a page.
import * as vscode from 'vscode';
import type { SourceLocation } from '../../../findings/types';
import type { TargetChoice } from '../../../protocol/analysis';
import type { MatrixSubject, PagePlace } from '../../../protocol/pages';
import { pickTargets } from '../../editor/chooseTargets';
import { command } from '../../editor/commands';
import type { ModuleArgument } from '../../editor/ids';
import type { Lens } from '../lens';
import { t } from '../model/l10n';
import { matrixPageOf } from '../model/matrixPage';
import { openPlace, ReportPages } from '../reportPages';
import { targetChoices } from '../targetChoices';
import { absolute } from '../settings';

export function register(lens: Lens): vscode.Disposable {
  const pages: ReportPages<MatrixSubject> = new ReportPages(lens.context.extensionUri, {
    kind: 'matrix',
    key: () => 'matrix',
    act: ({ paths, targets }) => show(lens, pages, paths, targets),
    cell: openCell,
  });
  return vscode.Disposable.from(
    pages,
    command('insmodLens.matrix', argument => ask(lens, pages, argument)),
  );
}

async function ask(lens: Lens, pages: ReportPages<MatrixSubject>, argument: ModuleArgument): Promise<void> {
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
  pages: ReportPages<MatrixSubject>,
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
  const { matrix, places } = answer;
  pages.show({
    title: t('Would it load'),
    page: matrixPageOf(answer, path => vscode.workspace.asRelativePath(path)),
    subject: {
      kind: 'matrix',
      paths,
      targets,
      rows: matrix.modules.map(({ path }, row) => ({ path, places: (places[row] ?? []).map(placeOf) })),
    },
  });
}

const placeOf = (at: SourceLocation | null): PagePlace | null =>
  at && { file: at.file, line: at.line, column: at.column };

/** The line of C of what refuses a module, else everything that is known about the module. */
async function openCell({ rows }: MatrixSubject, row: number, column: number): Promise<void> {
  const module = rows[row];
  const place = module?.places[column];
  if (place) await openPlace(place);
  else if (module) await vscode.commands.executeCommand('insmodLens.explain', { modulePath: module.path });
}
