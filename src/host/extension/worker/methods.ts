// What the worker can do, by name.
import path from 'node:path';
import { compileCommandsBelow, FILE_NAME, writeCompileCommands } from '../../node/compileCommands';
import { placesOfBuild } from '../../places/buildPlaces';
import { analyseModule } from '../../node/analyse';
import type { WorkerMethods } from '../../../protocol/worker';
import { analyseForEditor } from './analyseForEditor';
import { explainKernelLog, modulesOfLog, toolAnswer } from './tools';
import { checkArguments } from './checkArguments';
import { findTargets } from './findTargets';
import { graph, graphOverview } from './graph';
import { lookupSymbol } from './lookupSymbol';
import { modprobe } from './modprobe';
import { rmmod } from './rmmod';
import type { RunningRequest } from './running';
import { layout, tables, walk } from './view/models';
import { locateSubject, symbolAtLine } from './view/source';
import { summary } from './view/summary';
import { withTargets } from './withTargets';
import { watch } from './watch';

type Methods = {
  readonly [M in keyof WorkerMethods]: (
    params: WorkerMethods[M]['params'],
    running: RunningRequest,
  ) => Promise<WorkerMethods[M]['result']>;
};

export const methods: Methods = {
  analyse: analyseForEditor,
  insmod: request => analyseModule(withTargets(request)),
  runTool: toolAnswer,
  explainLog: explainKernelLog,
  modulesOfLog: log => Promise.resolve(modulesOfLog(log)),
  checkArguments,
  rmmod,
  modprobe,
  placesOfBuild: ({ directory, messages }) => placesOfBuild(directory, messages),
  writeCompileCommands: folder => {
    const commands = compileCommandsBelow(folder);
    if (commands.length > 0) writeCompileCommands(path.join(folder, FILE_NAME), commands);
    return Promise.resolve(commands.length);
  },
  findTargets,
  lookupSymbol,
  viewSummary: summary,
  viewLayout: ({ request, target }) => layout(request, target),
  viewSteps: async ({ request, target }) => (await walk(request, target)).steps(),
  viewRelocation: async ({ request, target, index }) => (await walk(request, target)).relocation(index),
  viewTables: tables,
  locateSubject: ({ request, subject }) => locateSubject(request, subject),
  symbolAt: ({ request, file, line }) => symbolAtLine(request, file, line),
  graph,
  graphOverview,
  fetchKernel: async (params, running) => (await import('./fetchKernel')).fetchKernel(params, running),
  matrix: async requests => (await import('./matrix')).matrixOf(requests),
  why: async params => (await import('./why')).why(params),
  // Few sessions boot anything: what is needed for it is evaluated when one does.
  boot: async (params, running) => (await import('./boot')).boot(params, running),
  debugBoot: async (params, running) => (await import('./boot')).debugBoot(params, running),
  watch: ({ modules, targets }) => {
    watch(modules, targets);
    return Promise.resolve(null);
  },
};
