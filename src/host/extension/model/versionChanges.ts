// Which symbols have one version on a kernel that a module fits, and another on another one.
import type { SymbolReport } from '../../../protocol/analysis';
import type { EditorReport } from '../../../protocol/worker';

export interface FoundChange {
  readonly symbol: string;
  /** Targets by path: one that exports what the module was built with, and one that does not. */
  readonly before: string;
  readonly after: string;
  /** Of the kernel that does not. */
  readonly release: string;
}

/** One for each target with another version; none where no target has the one the module wants. */
export function changesOf(
  { results }: Pick<EditorReport, 'results'>,
  { name, role, crc, targets }: SymbolReport,
): FoundChange[] {
  if (role !== 'import' || crc === null) return [];
  const pathOf = (release: string): string | undefined =>
    results.find(result => result.release === release)?.target.path;
  const same = targets.find(target => target.crc === crc);
  const before = same && pathOf(same.release);
  if (before === undefined) return [];
  return targets.flatMap(target => {
    const after = pathOf(target.release);
    const differs = target.crc !== null && target.crc !== crc && target.owner !== null;
    return differs && after !== undefined ? [{ symbol: name, before, after, release: target.release }] : [];
  });
}
