// The models of a module's document, by the methods of the protocol.
import { growthSince } from '../../../../report/view/growth';
import type { ParamResult } from '../../../../report/types';
import type { TracedLoad } from '../../../../report/view/tracedLoad';
import type { LayoutModel } from '../../../../report/view/types';
import { analyseFile, type OpenModule } from '../../../node/analyse';
import { prepareFor } from '../../../node/openChoice';
import type { ModuleTables, ViewRequest } from '../../../../protocol/view';
import type { TargetChoice } from '../../../../protocol/analysis';
import { tablesOf } from '../../../services/moduleDocument';
import { buildBefore, keepSizes, sizesOfBuild } from './builds';
import { openView, type OpenView } from './openView';

/** The module walked through on one target; throws when that cannot be. */
export async function walk(request: ViewRequest, target: number): Promise<TracedLoad> {
  return (await openView(request)).walk(target);
}

/** Laid out and compared once for each view: it is asked for before the page does, and by it. */
const layouts = new WeakMap<OpenView, Map<number, Promise<LayoutModel>>>();

/** The layout on one target, with what grew since the build before. */
export async function layout(request: ViewRequest, target: number): Promise<LayoutModel> {
  const view = await openView(request);
  const known = layouts.get(view) ?? new Map<number, Promise<LayoutModel>>();
  layouts.set(view, known);
  let model = known.get(target);
  if (!model) known.set(target, (model = makeLayout(request, view, target)));
  return model;
}

async function makeLayout(request: ViewRequest, view: OpenView, target: number): Promise<LayoutModel> {
  const walked = await view.walk(target);
  const model = walked.layout();
  if (request.memory === null || !view.file) return model;
  const before = await buildBefore(request.memory, request.path, view.stamp);
  keepSizes(request.memory, request.path, view.stamp, view.file.object, [walked.result]);
  if (!before) return model;
  return { ...model, growth: growthSince(before, sizesOfBuild(view.file.object, [walked.result]), model.release) };
}

/** Imports, exports and parameters, with their places in the source. */
export async function tables(request: ViewRequest): Promise<Omit<ModuleTables, 'users'>> {
  const view = await openView(request);
  if (!view.file) return { symbols: [], exports: [], parameters: [] };
  const { file, targets } = view;
  const report = await analyseFile(file, { ...request, targets });
  return tablesOf(report, i => defaultValues(request, file, targets[i], report.results[i]?.result.params ?? []));
}

/** Parameters without arguments: those of a load of its own, unless there were none anyway. */
async function defaultValues(
  request: ViewRequest,
  file: OpenModule,
  target: TargetChoice | undefined,
  params: readonly ParamResult[],
): Promise<readonly ParamResult[]> {
  if (!target || (request.args === '' && request.cmdline === '')) return params;
  // The command line of the kernel has arguments for modules, too.
  const { system } = await prepareFor({ ...request, cmdline: '' }, target, request.withNeeds ? file.object : null);
  return system.insmod(file, '').params;
}
