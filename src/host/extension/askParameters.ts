// The input for module parameters: completes names, and the engine checks what is typed while it is typed.
import path from 'node:path';
import * as vscode from 'vscode';
import { textsOf } from '../../findings/all';
import type { AnalyseRequest, ParameterReport } from '../../protocol/analysis';
import type { ArgumentProblem } from '../../protocol/worker';
import type { Lens } from './lens';
import { splitArguments } from './model/arguments';
import { Cancelled } from '../services/cancelled';
import { t } from './model/l10n';

interface Item extends vscode.QuickPickItem {
  /** Null runs what is typed; else the text to continue with. */
  readonly text: string | null;
}

/** The parameters, or undefined when the person changed their mind. */
export function askParameters(lens: Lens, tool: string, request: AnalyseRequest): Promise<string | undefined> {
  const input = vscode.window.createQuickPick<Item>();
  const file = path.basename(request.path);
  const parameters = lens.modules.report(request.path)?.parameters ?? [];
  const releases = lens.modules.report(request.path)?.results.map(({ release }) => release) ?? [];
  input.title =
    releases.length > 0
      ? t('Simulate {0} {1} on {2}', tool, file, releases.join(', '))
      : t('Simulate {0} {1}', tool, file);
  input.placeholder = t('Module parameters, as given to insmod; Enter without any is fine');
  input.value = request.args === '' ? '' : `${request.args} `;
  input.buttons = [{ iconPath: new vscode.ThemeIcon('server-environment'), tooltip: t('Select target kernels') }];

  let abort = new AbortController();
  const render = (problems: readonly ArgumentProblem[]): void => {
    input.items = [runItem(tool, file, input.value, problems), ...completions(parameters, input.value)];
  };
  const check = async (): Promise<void> => {
    abort.abort();
    abort = new AbortController();
    const { signal } = abort;
    render([]);
    const args = splitArguments(input.value);
    if (args.length === 0) return;
    try {
      const { problems } = await lens.worker.request('checkArguments', { request, args }, signal);
      if (!signal.aborted) render(problems.filter(problem => problem !== null));
    } catch (error) {
      if (!(error instanceof Cancelled)) lens.log.warn(String(error));
    }
  };

  return new Promise(resolve => {
    input.onDidChangeValue(() => void check());
    input.onDidTriggerButton(() => {
      input.hide();
      void vscode.commands.executeCommand('insmodLens.selectTargets');
    });
    input.onDidAccept(() => {
      const text = input.activeItems[0]?.text ?? null;
      if (text === null) {
        resolve(input.value.trim());
        input.hide();
      } else {
        input.value = text;
        void check();
      }
    });
    input.onDidHide(() => {
      abort.abort();
      resolve(undefined);
      input.dispose();
    });
    void check();
    input.show();
  });
}

function runItem(tool: string, file: string, value: string, problems: readonly ArgumentProblem[]): Item {
  const findings = problems.map(problem => problem.finding);
  const worst = findings.find(({ severity }) => severity === 'error') ?? findings[0];
  const item = { label: `$(play) ${tool} ${file} ${value.trim()}`.trimEnd(), text: null, alwaysShow: true };
  if (!worst) return item;
  const { message, explanation } = textsOf(worst, t);
  return { ...item, detail: `$(${worst.severity === 'error' ? 'error' : 'warning'}) ${message}. ${explanation}` };
}

/** Names that continue the last word. */
function completions(parameters: readonly ParameterReport[], value: string): Item[] {
  const last = value.split(/\s/).at(-1) ?? '';
  if (last.includes('=')) return [];
  const before = value.slice(0, value.length - last.length);
  const prefix = last.replaceAll('-', '_').toLowerCase();
  return parameters
    .filter(({ name }) => name.toLowerCase().startsWith(prefix))
    .map(({ name, type, value: current, description }) => ({
      label: `${name}=`,
      description: [type, current === null ? '' : t('now {0}', current.trim())].filter(part => part !== '').join(', '),
      ...(description ? { detail: description } : {}),
      text: `${before}${name}=`,
      alwaysShow: true,
    }));
}
