// From what threads found out and the loader said to the report of one kernel.
import { describe } from '../../../findings/all';
import path from 'node:path';
import { exportClash } from '../../../findings/exportClash';
import { dependencyCycle } from '../../../findings/dependencyCycle';
import { duplicateModule } from '../../../findings/duplicateModule';
import type { Finding, FindingDefinition } from '../../../findings/types';
import type { KernelFacts } from '../../../target/types';
import type { CheckedModule, CheckFinding, CheckReport } from '../../../report/check/types';
import { moduleNameOfPath } from '../../../formats/ko/moduleName';
import type { TreeLinks } from '../../../graph/tree/linkTree';
import { inModule, type Baseline } from './baseline';
import { findingsOfConf } from './dkms';
import type { LoadAnswer, Unreadable } from './job';

/** What of the modules is reported, and how. */
export interface ReportOptions {
  readonly files: readonly string[];
  /** What paths are shown relative to. */
  readonly root: string;
  /** Judges only every `of`th module, beginning with number `index` (from 1); all are read. */
  readonly shard: { readonly index: number; readonly of: number } | null;
  readonly baseline: Baseline | null;
  /** Why directories could not be listed, a line each. */
  readonly unlisted: readonly string[];
  /** Files called dkms.conf that lie among the modules. */
  readonly dkmsConfs: readonly string[];
  /** By module, what its file says of itself; null where nobody asked. */
  readonly hints: ReadonlyMap<number, readonly Finding[]> | null;
}

export const isJudged = ({ shard }: Pick<ReportOptions, 'shard'>, module: number): boolean =>
  shard === null || module % shard.of === shard.index - 1;

/** What is said of one kernel. */
export function reportOf(
  options: ReportOptions,
  { release, arch }: KernelFacts,
  tree: TreeLinks,
  answers: readonly LoadAnswer[],
  unreadable: readonly Unreadable[],
): CheckReport {
  const shown = (module: number): string => relativeTo(options.root, options.files[module] ?? '');
  const asked = new Map(answers.map(answer => [answer.module, answer]));
  const modules: CheckedModule[] = [];
  const findings: CheckFinding[] = [];
  const notChecked = new Map<string, number>();
  const inBaseline = ({ fingerprint }: CheckFinding): boolean =>
    options.baseline?.fingerprints.has(fingerprint) ?? false;
  const add = (module: number, name: string, finding: Finding): void => {
    const where = shown(module);
    const locations = finding.locations.map(place => ({ ...place, file: relativeTo(options.root, place.file) }));
    findings.push(inModule({ ...finding, locations }, name, where));
  };
  for (const module of options.files.keys()) {
    const row = tree.rows[module];
    if (!row || !isJudged(options, module)) continue;
    const answer = asked.get(module);
    const name = answer?.name ?? row.name;
    const verdict = answer?.verdict ?? (row.unchecked ? 'unchecked' : 'loads');
    const own = findings.length;
    for (const finding of answer?.findings ?? []) if (isLoud(finding)) add(module, name, finding);
    for (const hint of options.hints?.get(module) ?? []) add(module, name, hint);
    const isKnown = verdict === 'refused' && findings.length > own && findings.slice(own).every(inBaseline);
    modules.push({
      name,
      path: shown(module),
      verdict,
      errno: answer?.errno ?? 0,
      errnoName: answer?.errnoName ?? null,
      depends: answer?.depends ?? Array.from(tree.needs.of(module), needed => tree.rows[needed]?.name ?? ''),
      refusedDependencies: answer?.refusedDependencies ?? [],
      ...(isKnown ? { known: true } : {}),
    });
    for (const reason of new Set(answer?.notChecked ?? tree.notChecked.get(module)))
      notChecked.set(reason, (notChecked.get(reason) ?? 0) + 1);
    const first = tree.shadowed.get(module);
    if (first !== undefined)
      add(module, name, report(duplicateModule, { module: name, path: shown(module), other: shown(first) }));
  }
  for (const { module, other, symbol } of tree.duplicates) {
    const [row, first] = [tree.rows[module], tree.rows[other]];
    // Of two modules of one name only one is ever there.
    if (!row || !first || row.name === first.name || !isJudged(options, module) || module >= options.files.length)
      continue;
    add(module, row.name, report(exportClash, { module: row.name, symbol, other: first.name }));
  }
  const beforeCycles = findings.length;
  for (const cycle of tree.cycles) {
    const [first] = cycle;
    if (first === undefined || first >= options.files.length || !isJudged(options, first)) continue;
    const names = cycle.map(module => tree.rows[module]?.name ?? moduleNameOfPath(shown(module)));
    add(first, names[0] ?? '', report(dependencyCycle, { modules: names }));
  }
  for (const finding of options.shard === null ? options.dkmsConfs.flatMap(findingsOfConf) : []) {
    const [place] = finding.locations;
    const where = relativeTo(options.root, place?.file ?? '');
    const locations = finding.locations.map(each => ({ ...each, file: where }));
    findings.push(inModule({ ...finding, locations }, '', where));
  }
  const isFresh = (finding: CheckFinding): boolean => !inBaseline(finding);
  const fresh = findings.filter(isFresh);
  return {
    schema: 1,
    kernel: { release, arch },
    modules,
    findings: fresh,
    known: findings.length - fresh.length,
    cycles: findings.slice(beforeCycles).filter(isFresh).length,
    unreadable: [...new Set([...options.unlisted, ...unreadable.map(({ reason }) => reason)])].sort(),
    notChecked: [...notChecked].map(([reason, count]) => ({ reason, modules: count })),
  };
}

const isLoud = ({ severity }: Finding): boolean => severity === 'error' || severity === 'warning';

/** A finding about the tree rather than about a load. */
function report<Facts>(definition: FindingDefinition<Facts>, facts: Facts): Finding {
  return describe({ definition, facts }, 'depmod');
}

function relativeTo(root: string, file: string): string {
  // The commonest case costs little: there may be thousands.
  if (file.startsWith(`${root}/`)) return file.slice(root.length + 1);
  const relative = path.relative(root, file);
  return relative === '' || relative.startsWith('..') ? file : relative;
}
