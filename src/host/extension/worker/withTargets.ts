// Targets of a request: those that were chosen, else the kernel the module was built against.
import type { AnalyseRequest, TargetChoice } from '../../../protocol/analysis';
import { defaultTarget } from '../../node/targets';

export function withTargets<R extends AnalyseRequest>(request: R): R {
  return { ...request, targets: targetsFor(request.targets, request.path) };
}

export function targetsFor(chosen: readonly TargetChoice[], modulePath: string | null): readonly TargetChoice[] {
  return chosen.length > 0 ? chosen : [{ path: defaultTarget(modulePath) }];
}
