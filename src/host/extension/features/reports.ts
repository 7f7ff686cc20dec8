// Commands that show what is known already as text: explanation, symbol versions.
import * as vscode from 'vscode';
import type { EditorReport } from '../../../protocol/worker';
import { command } from '../../editor/commands';
import type { ModuleArgument } from '../../editor/ids';
import type { Lens } from '../lens';
import { explanationText, symbolVersionsText } from '../model/documents';
import { discover } from './discovery';

export function register(lens: Lens): vscode.Disposable {
  const show = async (argument: ModuleArgument, view: (report: EditorReport) => Thenable<void>): Promise<void> => {
    const modulePath = await lens.pickModule(argument);
    const report = modulePath === undefined ? undefined : await reportOf(lens, modulePath);
    if (report) await view(report);
  };
  const { documents } = lens;
  return vscode.Disposable.from(
    command('insmodLens.explain', argument =>
      show(argument, report =>
        documents.showMarkdown(`${report.name}/why.md`, explanationText(report, lens.modules.all())),
      ),
    ),
    command('insmodLens.showSymbolVersions', argument =>
      show(argument, report => documents.showMarkdown(`${report.name}/symbol versions.md`, symbolVersionsText(report))),
    ),
    command('insmodLens.refresh', async () => {
      lens.modules.refresh();
      await discover(lens);
    }),
  );
}

/** The newest report, or a fresh one for a module outside of the workspace. */
async function reportOf(lens: Lens, modulePath: string): Promise<EditorReport | undefined> {
  const known = lens.modules.report(modulePath);
  if (known) return known;
  const answer = await lens.worker.request('analyse', {
    ...lens.requestFor(modulePath),
    memory: lens.memory,
    knownStamp: null,
  });
  return answer.kind === 'report' ? answer.report : undefined;
}
