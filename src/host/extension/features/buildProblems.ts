// What builds print, in Problems while make runs: those of our own tasks, and those typed into a terminal.
import * as vscode from 'vscode';
import type { SourceLocation } from '../../../findings/types';
import type { BuildMessage } from '../../../protocol/build';
import { SECTION } from '../../editor/ids';
import { rangeAt, SEVERITIES } from '../../editor/diagnostics';
import type { Lens } from '../lens';
import { BuildOutput, isBuildCommand } from '../model/buildOutput';
import { t } from '../model/l10n';

/** Messages of one build; they stay until the next build of the same directory. */
export interface BuildLog {
  write(chunk: string): void;
  /** After the last chunk. Resolves when everything is shown. */
  end(): Promise<void>;
}

export class BuildProblems implements vscode.Disposable {
  private readonly collections = new Map<string, vscode.DiagnosticCollection>();
  private readonly subscription: vscode.Disposable;

  constructor(private readonly lens: Lens) {
    this.subscription = vscode.window.onDidStartTerminalShellExecution(({ execution, shellIntegration }) => {
      const directory = execution.cwd ?? shellIntegration.cwd;
      if (directory?.scheme !== 'file' || !vscode.workspace.getWorkspaceFolder(directory)) return;
      if (isBuildCommand(execution.commandLine.value)) void this.follow(execution, directory.fsPath);
    });
  }

  dispose(): void {
    this.subscription.dispose();
    for (const collection of this.collections.values()) collection.dispose();
  }

  /** A build begins in a directory: what the last one there said is taken away. */
  begin(directory: string): BuildLog {
    let collection = this.collections.get(directory);
    collection ??= vscode.languages.createDiagnosticCollection(`${SECTION}.build`);
    this.collections.set(directory, collection);
    collection.clear();
    const output = new BuildOutput(directory);
    const shown = new Shown(collection);
    let turn = Promise.resolve();
    const show = (messages: readonly BuildMessage[]): void => {
      if (messages.length === 0) return;
      turn = turn
        .then(async () => shown.add(messages, await this.lens.worker.request('placesOfBuild', { directory, messages })))
        .catch((error: unknown) => this.lens.log.warn(String(error)));
    };
    return {
      write: chunk => show(output.read(chunk)),
      end: () => {
        show(output.end());
        return turn;
      },
    };
  }

  private async follow(execution: vscode.TerminalShellExecution, directory: string): Promise<void> {
    const log = this.begin(directory);
    for await (const chunk of execution.read()) log.write(chunk);
    await log.end();
  }
}

type Places = readonly (SourceLocation | null)[];

/** The diagnostics of one build. A header is compiled into many objects and its messages come as often: each is shown once. */
class Shown {
  private readonly byFile = new Map<string, vscode.Diagnostic[]>();
  private readonly seen = new Set<string>();
  private last: vscode.Diagnostic | null = null;

  constructor(private readonly collection: vscode.DiagnosticCollection) {}

  add(messages: readonly BuildMessage[], places: Places): void {
    const changed = new Set<string>();
    messages.forEach((message, index) => {
      const place = places[index];
      const key = JSON.stringify([message.message, place]);
      if (!place || this.seen.has(key)) return;
      this.seen.add(key);
      const range = rangeAt(place);
      if (message.severity === 'note' && this.last) {
        const location = new vscode.Location(vscode.Uri.file(place.file), range);
        const related = new vscode.DiagnosticRelatedInformation(location, message.message);
        this.last.relatedInformation = [...(this.last.relatedInformation ?? []), related];
        return;
      }
      const diagnostic = new vscode.Diagnostic(
        range,
        message.message,
        SEVERITIES[message.severity === 'note' ? 'information' : message.severity],
      );
      diagnostic.source = message.source === 'compiler' ? t('compiler') : message.source;
      this.last = diagnostic;
      const list = this.byFile.get(place.file) ?? [];
      list.push(diagnostic);
      this.byFile.set(place.file, list);
      changed.add(place.file);
    });
    for (const file of changed) this.collection.set(vscode.Uri.file(file), this.byFile.get(file));
  }
}
