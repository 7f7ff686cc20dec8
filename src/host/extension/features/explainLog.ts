// "Explain kernel log": what the selected or copied lines of dmesg mean, with the module they are about where it is known.
import type * as vscode from 'vscode';
import { command } from '../../editor/commands';
import { findLog } from '../../editor/findLog';
import { moduleName, type Lens } from '../lens';

export function register(lens: Lens): vscode.Disposable {
  return command('insmodLens.explainLog', log => explain(lens, log));
}

async function explain(lens: Lens, given: unknown): Promise<void> {
  const isLog = async (text: string): Promise<boolean> => (await lens.worker.request('modulesOfLog', text)).recognized;
  const log = typeof given === 'string' ? given : await findLog(isLog);
  if (log === null) return;
  const { modules } = await lens.worker.request('modulesOfLog', log);
  const known = lens.modules.paths.find(file => modules.includes(moduleName(file)));
  const request = known === undefined ? null : lens.requestFor(known);
  const text = await lens.worker.request('explainLog', { log, request });
  await lens.documents.showMarkdown('kernel log.md', text);
}
