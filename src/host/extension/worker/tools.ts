// The tools for language models, and the reading of kernel logs.
import path from 'node:path';
import { explainLog } from '../../../explain/explainLog';
import { analyseModule } from '../../node/analyse';
import { logText } from '../../node/tools/logText';
import { FindingPages } from '../../node/tools/pages';
import { runTool } from '../../node/tools/runTool';
import type { WorkerMethods } from '../../../protocol/worker';
import { t } from '../model/l10n';
import { withTargets } from './withTargets';

/** The worker lies in dist/, beside doc/. */
const pages = new FindingPages(path.join(__dirname, '..', 'doc', 'findings'));

type Params<M extends keyof WorkerMethods> = WorkerMethods[M]['params'];

export function toolAnswer({ name, input, folder }: Params<'runTool'>): Promise<string> {
  return runTool(name, folder === null ? input : fromFolder(input, folder), pages);
}

/** Inputs that name files, absolute. */
function fromFolder(input: Readonly<Record<string, unknown>>, folder: string): Record<string, unknown> {
  const absolute = (value: unknown): unknown =>
    typeof value === 'string' && value !== '' ? path.resolve(folder, value) : value;
  const all = (value: unknown): unknown => (Array.isArray(value) ? value.map(absolute) : absolute(value));
  const isPath = (name: string): boolean => ['module', 'kernels', 'loaded'].includes(name);
  // What was not given stays away: a tool refuses arguments it does not have.
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, isPath(name) ? all(value) : value]));
}

export async function explainKernelLog({ log, request }: Params<'explainLog'>): Promise<string> {
  return logText(log, pages, request === null ? null : await analyseModule(withTargets(request)), t);
}

export function modulesOfLog(log: string): WorkerMethods['modulesOfLog']['result'] {
  const { entries, tools } = explainLog(log);
  return {
    modules: [
      ...new Set([...entries.flatMap(({ module }) => module ?? []), ...tools.flatMap(({ modules }) => modules)]),
    ],
    recognized: entries.length + tools.length > 0,
  };
}
