// The extension: constructs and connects its features, and reads nothing.
import * as vscode from 'vscode';
import type { EditorReport } from '../../protocol/worker';
import type { BootReport } from '../../report/boot/types';
import * as codeActions from './features/codeActions';
import * as codeLens from './features/codeLens';
import * as compileCommands from './features/compileCommands';
import * as dependents from './features/dependents';
import * as decorations from './features/decorations';
import * as diagnostics from './features/diagnostics';
import * as dkms from './features/dkms';
import * as discovery from './features/discovery';
import * as explainLog from './features/explainLog';
import * as hover from './features/hover';
import * as languageModelTools from './features/languageModelTools';
import * as matrix from './features/matrix';
import * as moduleEditor from './features/moduleEditor';
import * as pages from './features/pages';
import * as realKernel from './features/realKernel';
import * as sample from './features/sample';
import * as reports from './features/reports';
import * as scripts from './features/scripts';
import * as simulate from './features/simulate';
import * as statusBar from './features/statusBar';
import * as targets from './features/targets';
import * as tasks from './features/tasks';
import * as tree from './features/tree';
import * as why from './features/why';
import { Lens, type PublishedReport } from './lens';
import { setWords } from './model/l10n';

/** What `activate` returns: for tests, and for other extensions that want the reports. */
export interface InsmodLensApi {
  /** A new report, or none any more, of a module. */
  readonly onDidPublish: vscode.Event<PublishedReport>;
  /** What a simulation printed to the output channel. */
  readonly onDidSimulate: vscode.Event<string>;
  /** What a real kernel answered. */
  readonly onDidBoot: vscode.Event<BootReport>;
  /** Newest reports of all modules. */
  readonly reports: () => readonly EditorReport[];
}

/** Discovery is last: by then everyone listens. */
const FEATURES = [
  diagnostics,
  dependents,
  decorations,
  statusBar,
  tree,
  hover,
  codeLens,
  codeActions,
  scripts,
  simulate,
  realKernel,
  matrix,
  why,
  reports,
  explainLog,
  pages,
  sample,
  languageModelTools,
  moduleEditor,
  targets,
  tasks,
  compileCommands,
  dkms,
  discovery,
];

export function activate(context: vscode.ExtensionContext): InsmodLensApi {
  setWords(vscode.l10n.bundle);
  const lens = new Lens(context);
  context.subscriptions.push(lens, ...FEATURES.map(feature => feature.register(lens)));
  return {
    onDidPublish: lens.onDidPublish,
    onDidSimulate: lens.onDidSimulate,
    onDidBoot: lens.onDidBoot,
    reports: () => lens.modules.all(),
  };
}
