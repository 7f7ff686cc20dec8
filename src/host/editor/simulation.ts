// A simulated insmod as a terminal would show it.
import type * as vscode from 'vscode';
import type { ModuleReport } from '../../protocol/analysis';
import type { TargetSteps } from '../../protocol/worker';
import { say } from '../extension/model/l10n';

/** @param name the file as the person knows it */
export function insmodSteps({ path, results }: ModuleReport, name: string, args: string): TargetSteps[] {
  return results.map(({ target, release, result }) => ({
    target,
    release,
    notes: [],
    steps: [
      {
        command: `insmod ${name} ${args}`.trim(),
        log: result.log,
        errno: result.errno,
        errnoName: result.errnoName,
        toolLine: result.insmod?.replace(path, name) ?? null,
        result,
      },
    ],
  }));
}

/** Adds what could not be used, and shows the channel. */
export function endTranscript(output: vscode.OutputChannel, report: ModuleReport | null): void {
  for (const { path, reason } of report?.missingTargets ?? []) output.appendLine(`# ${path}: ${say(reason)}`);
  if (report?.failure) output.appendLine(`# ${report.path}: ${say(report.failure.reason)}`);
  output.show(true);
}
