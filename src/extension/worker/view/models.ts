// The models of a module's document, by the methods of the protocol.
import { growthSince } from '../../../core/report/view/growth';
import type { TracedLoad } from '../../../core/report/view/tracedLoad';
import type { LayoutModel } from '../../../core/report/view/types';
import { analyseFile } from '../../../node/analyse';
import type { ParameterReport } from '../../../protocol/analysis';
import type { ModuleTables, ViewRequest } from '../../../protocol/view';
import { buildBefore, rememberBuild, sizesOfBuild } from './builds';
import { openView } from './openView';

/** The module walked through on one target; throws when that cannot be. */
export async function walk(request: ViewRequest, target: number): Promise<TracedLoad> {
  return (await openView(request)).walk(target);
}

/** The layout on one target, with what grew since the build before. */
export async function layout(request: ViewRequest, target: number): Promise<LayoutModel> {
  const view = await openView(request);
  const walked = await view.walk(target);
  const model = walked.layout();
  if (request.memory === null || !view.file) return model;
  const sizes = sizesOfBuild(view.file.bytes, [walked.result]);
  await rememberBuild(request.memory, request.path, view.stamp, sizes);
  const before = await buildBefore(request.memory, request.path, view.stamp);
  return before ? { ...model, growth: growthSince(before, sizes, model.release) } : model;
}

/** Imports, exports and parameters, with their places in the source. */
export async function tables(request: ViewRequest): Promise<ModuleTables> {
  const view = await openView(request);
  if (!view.file) return { symbols: [], exports: [], parameters: [] };
  const report = await analyseFile(view.file, { ...request, targets: view.targets });
  const places = new Map(report.parameters.map(({ name, location }) => [name, location]));
  const parameters = report.results.map(({ result }) =>
    result.params.map((param): ParameterReport => ({ ...param, location: places.get(param.name) ?? null })),
  );
  return { symbols: report.symbols, exports: report.exports, parameters };
}
