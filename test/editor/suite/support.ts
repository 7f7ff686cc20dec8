// What the suites share: the extension's reports, waiting for them, and files of the workspace.
import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import type { InsmodLensApi } from '../../../src/host/extension/extension';
import type { EditorReport } from '../../../src/protocol/worker';
import { TEST_OUTPUT } from '../lib/output';

export async function lensApi(): Promise<InsmodLensApi> {
  const extension = vscode.extensions.all.find(({ id }) => id.endsWith('.insmod-lens'));
  assert.ok(extension, 'the extension is not installed');
  return (await extension.activate()) as InsmodLensApi;
}

/** A file below the workspace folder. */
export function inWorkspace(...parts: string[]): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return path.join(folder.uri.fsPath, ...parts);
}

/** The newest report of a module that fits, now or as soon as it is published. */
export async function reportOf(
  module: string,
  fits: (report: EditorReport) => boolean = () => true,
  limit = 60_000,
): Promise<EditorReport> {
  const api = await lensApi();
  const known = api.reports().find(report => report?.path === module);
  if (known && fits(known)) return known;
  return waitFor<EditorReport>(
    done =>
      api.onDidPublish(({ path: published, report }) => {
        if (published === module && report && fits(report)) done(report);
      }),
    `a report of ${path.basename(module)}`,
    limit,
  );
}

/** Resolves with what `listen` hands on; rejects after `limit` milliseconds. */
export async function waitFor<T>(
  listen: (done: (value: T) => void) => vscode.Disposable,
  what: string,
  limit = 60_000,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const finish = (end: () => void): void => {
      clearTimeout(timer);
      subscription.dispose();
      end();
    };
    const timer = setTimeout(() => finish(() => reject(new Error(`${what} did not come`))), limit);
    const subscription = listen(value => finish(() => resolve(value)));
  });
}

/** Diagnostics of the extension in a file, top to bottom. */
export function diagnosticsIn(file: string): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(vscode.Uri.file(file))
    .filter(({ source }) => source === 'Insmod Lens')
    .sort((a, b) => a.range.start.compareTo(b.range.start));
}

/** Waits until a file's diagnostics are as wanted. */
export async function diagnosticsUntil(
  file: string,
  wanted: (diagnostics: readonly vscode.Diagnostic[]) => boolean,
  what: string,
): Promise<vscode.Diagnostic[]> {
  if (!wanted(diagnosticsIn(file)))
    await waitFor<void>(
      done =>
        vscode.languages.onDidChangeDiagnostics(() => {
          if (wanted(diagnosticsIn(file))) done();
        }),
      what,
    );
  return diagnosticsIn(file);
}

/** The stable code of a diagnostic. */
export function codeOf({ code }: vscode.Diagnostic): string {
  return typeof code === 'object' ? String(code.value) : String(code ?? '');
}

/** Prints a line among the results. */
export function say(text: string): void {
  console.log(`${TEST_OUTPUT}    ${text}`);
}
