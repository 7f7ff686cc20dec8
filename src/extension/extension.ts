// The extension: constructs and connects its features, and reads nothing.
import type * as vscode from 'vscode';
import * as diagnostics from './features/diagnostics';
import * as discovery from './features/discovery';
import { Lens, type PublishedReport } from './lens';

/** What `activate` returns: for tests, and for other extensions that want the reports. */
export interface InsmodLensApi {
  /** A new report, or none any more, of a module. */
  readonly onDidPublish: vscode.Event<PublishedReport>;
  /** Newest reports of all modules. */
  readonly reports: () => readonly PublishedReport['report'][];
}

export function activate(context: vscode.ExtensionContext): InsmodLensApi {
  const lens = new Lens(context);
  context.subscriptions.push(lens, ...[diagnostics, discovery].map(feature => feature.register(lens)));
  return { onDidPublish: lens.onDidPublish, reports: () => lens.modules.all() };
}
