// What is shown of a module before anything else.
import { decodeUtf8 } from '../../../../formats/bytes/strings';
import { readModinfoFields, readSignatureFields } from '../../../../kmod/modinfo';
import { moduleNameOfPath } from '../../../../formats/ko/moduleName';
import type { LoadResult } from '../../../../report/types';
import { endingOf } from '../../../../report/view/stepsModel';
import type { TargetChoice } from '../../../../protocol/analysis';
import type { ModuleSummary, TargetSummary, ViewRequest } from '../../../../protocol/view';
import { openView } from './openView';

export async function summary(request: ViewRequest): Promise<ModuleSummary> {
  const view = await openView(request);
  const targets: TargetSummary[] = [];
  let name = moduleNameOfPath(request.path);
  if (view.file) {
    for (const [i, target] of view.targets.entries()) {
      const { result } = await view.walk(i);
      targets.push(targetSummary(target, result));
      if (i === 0) name = result.module.name;
    }
  }
  const bytes = view.file?.bytes ?? new Uint8Array(0);
  return {
    path: request.path,
    name: decodeUtf8(name),
    stamp: view.stamp,
    fileSize: view.fileSize,
    failure: view.failure,
    needsFindable: true,
    targets,
    missingTargets: view.missingTargets,
    modinfo: readModinfoFields(bytes).map(decoded),
    signature: readSignatureFields(bytes).map(decoded),
  };
}

const decoded = ({ key, value }: { key: string; value: string }): [string, string] => [
  decodeUtf8(key),
  decodeUtf8(value),
];

function targetSummary({ path }: TargetChoice, result: LoadResult): TargetSummary {
  const { verdict, errno, errnoName, taints, kernel } = result;
  return { path, release: kernel.release, verdict, errno, errnoName, reason: endingOf(result), taints };
}
