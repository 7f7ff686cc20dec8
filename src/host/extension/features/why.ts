// "Why did the version change?": what changed in the types of a symbol from one kernel to another.
import * as vscode from 'vscode';
import { command } from '../../editor/commands';
import type { VersionChange } from '../../editor/ids';
import type { Lens } from '../lens';
import { changesOf } from '../model/versionChanges';
import { t } from '../model/l10n';

export function register(lens: Lens): vscode.Disposable {
  return command('insmodLens.why', async given => {
    const change = given ?? (await choose(lens));
    if (!change) return;
    const { symbol, before, after } = change;
    const lines = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: t('Comparing the types of {0}', symbol) },
      () => lens.worker.request('why', { symbol, before: { path: before }, after: { path: after } }),
    );
    await lens.documents.show(`${symbol}.txt`, `${lines.join('\n')}\n`);
  });
}

/** Without an argument: one of the symbols of the workspace whose versions differ. */
async function choose(lens: Lens): Promise<VersionChange | undefined> {
  const changes = lens.modules.all().flatMap(report => report.symbols.flatMap(symbol => changesOf(report, symbol)));
  if (changes.length === 0)
    void vscode.window.showInformationMessage(
      t('No symbol has one version on a kernel its module fits, and another on another target kernel.'),
    );
  const items = changes.map(({ release, ...change }) => ({ label: change.symbol, description: release, change }));
  return items.length < 2
    ? items[0]?.change
    : (await vscode.window.showQuickPick(items, { placeHolder: t('Symbol') }))?.change;
}
