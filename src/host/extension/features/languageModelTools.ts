// The tools that language models in the editor can call; `insmod-lens mcp` offers the same to others.
import * as vscode from 'vscode';
import { LANGUAGE_MODEL_TOOLS } from '../../editor/ids';
import type { Lens } from '../lens';
import { setting } from '../../editor/settings';
import { targetsFor } from '../settings';
import { t } from '../model/l10n';

type Input = Readonly<Record<string, unknown>>;

export function register(lens: Lens): vscode.Disposable {
  // Editors built on VS Code may lack the interface.
  const lm = vscode.lm as typeof vscode.lm | undefined;
  if (typeof lm?.registerTool !== 'function') return new vscode.Disposable(() => undefined);
  return vscode.Disposable.from(...LANGUAGE_MODEL_TOOLS.map(name => lm.registerTool<Input>(name, toolFor(lens, name))));
}

function toolFor(lens: Lens, name: string): vscode.LanguageModelTool<Input> {
  return {
    invoke: async ({ input }, token) => {
      const abort = new AbortController();
      const subscription = token.onCancellationRequested(() => abort.abort());
      try {
        const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? null;
        const text = await lens.worker.request(
          'runTool',
          { name, input: withSettings(name, input), folder },
          abort.signal,
        );
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
      } finally {
        subscription.dispose();
      }
    },
    prepareInvocation: ({ input }) => ({
      invocationMessage: t('Simulating, nothing is loaded: {0}', String(input['module'] ?? input['code'] ?? '')),
    }),
  };
}

/** What the model left open is as in the editor. */
function withSettings(name: string, input: Input): Input {
  if (name === 'explain_module_finding') return input;
  const named = Array.isArray(input['kernels']) && input['kernels'].length > 0;
  return {
    ...input,
    kernels: named ? input['kernels'] : targetsFor(undefined).map(({ path }) => path),
    cmdline: input['cmdline'] ?? setting('cmdline'),
  };
}
