// What went wrong, told to the person.
import * as vscode from 'vscode';
import { sayError } from '../extension/model/l10n';
import { Cancelled } from '../services/cancelled';

/** Shows a failure; being cancelled is none. */
export function tellFailure(error: unknown): void {
  if (!(error instanceof Cancelled)) void vscode.window.showErrorMessage(sayError(error));
}
