// What is shown of a module before anything else.
import type { ModuleSummary, ViewRequest } from '../../../../protocol/view';
import { summaryOf } from '../../../services/moduleDocument';
import { openView } from './openView';

export async function summary(request: ViewRequest): Promise<ModuleSummary> {
  const { stamp, fileSize, file, failure, targets, missingTargets, walk } = await openView(request);
  const results = [];
  for (const [i, { path }] of file ? targets.entries() : []) results.push({ path, result: (await walk(i)).result });
  const bytes = file?.bytes ?? new Uint8Array(0);
  return summaryOf({
    path: request.path,
    stamp,
    fileSize,
    failure,
    needsFindable: true,
    missingTargets,
    bytes,
    results,
  });
}
