// "Explain a finding": its page, from the palette or from the code of a diagnostic.
import type * as vscode from 'vscode';
import { command } from '../../editor/commands';
import { showPage } from '../../editor/findingPages';
import type { Lens } from '../lens';

export function register({ context }: Lens): vscode.Disposable {
  return command('insmodLens.showPage', code => showPage(context.extensionUri, code));
}
