// Which reports another module has a part in.
import { factsOf } from '../../../findings/all';
import { unknownSymbol } from '../../../findings/unknownSymbol';
import type { TargetResult } from '../../../protocol/analysis';
import type { EditorReport } from '../../../protocol/worker';

/** What other modules see of one: where it is the same, nothing changed for them. */
export function faceOf({ name, exports, results }: EditorReport): string {
  return JSON.stringify([name, exports, results.map(({ release, result }) => [release, result.errno])]);
}

/**
 * The reports that have to be made anew because of another module.
 *
 * @param path the other module's file
 * @param module its report; undefined when it is gone
 * @param wasKnown it was there before, and perhaps another
 */
export function affectedBy(
  path: string,
  module: EditorReport | undefined,
  wasKnown: boolean,
  reports: readonly EditorReport[],
): EditorReport[] {
  const exported = new Set(module?.exports.map(({ name }) => name));
  const isAffected = ({ needs, result }: TargetResult): boolean => {
    if (wasKnown && needs.some(need => need.path === path)) return true;
    // One that is new may be what was missing, or stand in front of the kernel's own.
    if (!module || exported.size === 0) return false;
    const stoodIn = !wasKnown && needs.some(need => need.origin !== 'built' && need.name === module.name);
    return stoodIn || result.findings.some(finding => exported.has(missingIn(finding) ?? ''));
  };
  return reports.filter(report => report.path !== path && report.results.some(isAffected));
}

function missingIn(finding: Parameters<typeof factsOf>[1]): string | undefined {
  const facts = factsOf(unknownSymbol, finding);
  return facts?.status === 'missing' ? facts.symbol : undefined;
}
