// Simulate insmod, rmmod, modprobe: asks, runs in the worker, prints as a terminal would.
import path from 'node:path';
import * as vscode from 'vscode';
import type { AnalyseRequest, ModuleReport } from '../../../protocol/analysis';
import type { TargetSteps } from '../../../protocol/worker';
import { askParameters } from '../askParameters';
import { command } from '../../editor/commands';
import type { ModuleArgument } from '../../editor/ids';
import { endTranscript, insmodSteps } from '../../editor/simulation';
import { moduleName, type Lens } from '../lens';
import { insmodScript, transcript } from '../model/documents';
import { t } from '../model/l10n';

type Tool = 'insmod' | 'rmmod' | 'modprobe';

export function register(lens: Lens): vscode.Disposable {
  const output = vscode.window.createOutputChannel('Insmod Lens');
  return vscode.Disposable.from(
    output,
    command('insmodLens.simulateInsmod', argument => simulate(lens, output, 'insmod', argument)),
    command('insmodLens.simulateRmmod', argument => simulate(lens, output, 'rmmod', argument)),
    command('insmodLens.simulateModprobe', argument => simulate(lens, output, 'modprobe', argument)),
    command('insmodLens.copyInsmodScript', argument => copyScript(lens, argument)),
  );
}

async function simulate(lens: Lens, output: vscode.OutputChannel, tool: Tool, argument: ModuleArgument): Promise<void> {
  const modulePath = await lens.pickModule(argument);
  if (modulePath === undefined) return;
  const settings = lens.requestFor(modulePath);
  const given = argument !== undefined && 'modulePath' in argument ? argument.args : undefined;
  const args = given ?? (tool === 'rmmod' ? settings.args : await askParameters(lens, tool, settings));
  if (args === undefined) return;
  const request = { ...settings, args };
  const title = `${tool} ${path.basename(modulePath)} ${args}`.trim();
  const { steps, report } = await withProgress(t('Simulating {0}', title), signal => run(lens, tool, request, signal));
  const text = transcript(steps);
  output.appendLine(text);
  lens.tellSimulated(text);
  endTranscript(output, report);
  // Not waited for: the command is done, the message stays until someone answers.
  void tellResult(moduleName(modulePath), tool, steps, modulePath);
}

interface Outcome {
  readonly steps: readonly TargetSteps[];
  readonly report: ModuleReport | null;
}

async function run(lens: Lens, tool: Tool, request: AnalyseRequest, signal: AbortSignal): Promise<Outcome> {
  if (tool !== 'insmod') {
    const steps = await lens.worker.request(tool, { ...request, known: lens.modules.paths }, signal);
    return { steps, report: null };
  }
  const report = await lens.worker.request('insmod', request, signal);
  const steps = insmodSteps(report, vscode.workspace.asRelativePath(request.path), request.args);
  return { steps, report };
}

function withProgress<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Thenable<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (_progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return work(abort.signal);
    },
  );
}

async function tellResult(name: string, tool: Tool, all: readonly TargetSteps[], modulePath: string): Promise<void> {
  const refused = all.filter(({ steps }) => steps.some(step => step.errno !== 0));
  const releases = (targets: readonly TargetSteps[]): string => targets.map(({ release }) => release).join(', ');
  const on = releases(all);
  const done = tool === 'rmmod' ? t('{0} would be removed on {1}.', name, on) : t('{0} would load on {1}.', name, on);
  const errnos = new Set(refused.map(({ steps }) => steps.find(step => step.errno !== 0)?.errnoName));
  const [layout, why] = [t('Show layout'), t('Why?')];
  const buttons = [layout, why];
  const chosen = await (all.length === 0
    ? vscode.window.showWarningMessage(t('{0}: nothing to simulate against.', name), ...buttons)
    : refused.length === 0
      ? vscode.window.showInformationMessage(done, ...buttons)
      : vscode.window.showWarningMessage(
          t('{0}: {1} is refused by {2} ({3}).', name, tool, releases(refused), [...errnos].join(', ')),
          ...buttons,
        ));
  if (chosen === undefined) return;
  await vscode.commands.executeCommand(chosen === why ? 'insmodLens.explain' : 'insmodLens.showLayout', {
    modulePath,
  });
}

/** What loads the module with everything it needs, on the clipboard. */
async function copyScript(lens: Lens, argument: ModuleArgument): Promise<void> {
  const modulePath = await lens.pickModule(argument);
  if (modulePath === undefined) return;
  const request = lens.requestFor(modulePath);
  const [first] = await lens.worker.request('modprobe', { ...request, known: lens.modules.paths });
  if (!first) return;
  await vscode.env.clipboard.writeText(insmodScript(first, request.args));
  void vscode.window.showInformationMessage(
    t('Copied the commands that load {0} (modules: {1}). Nothing was run.', moduleName(modulePath), first.steps.length),
  );
}
