// What went wrong, told to the person.
import * as vscode from 'vscode';
import { say } from '../extension/model/l10n';
import { Cancelled } from '../services/cancelled';
import { reasonOf } from '../services/reportParts';

/** Shows a failure; being cancelled is none. */
export function tellFailure(error: unknown): void {
  if (!(error instanceof Cancelled)) void vscode.window.showErrorMessage(reasonFor(error));
}

/** The reason of a failure in the person's language. */
export function reasonFor(error: unknown): string {
  return say(reasonOf(error));
}
