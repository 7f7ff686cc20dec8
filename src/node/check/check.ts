// Every module of a tree against every kernel.
import path from 'node:path';
import { dependencyCycle } from '../../core/findings/dependencyCycle';
import { duplicateModule } from '../../core/findings/duplicateModule';
import type { Finding, FindingDefinition } from '../../core/findings/types';
import { deriveFeatures } from '../../core/kernel/features';
import type { KernelFacts } from '../../core/kernel/types';
import type { CheckedModule, CheckFinding, CheckReport } from '../../core/report/check/types';
import { moduleNameOfPath } from '../../core/report/result';
import { dependenciesOf, linkTree, type TreeLinks } from '../../core/screen/linkTree';
import type { CheckJob, LoadAnswer, LoadTask, Unreadable } from './job';
import { fingerprintOf, type Baseline } from './baseline';
import { Loader } from './loading';
import { CheckPool } from './pool';
import { openTargets } from './targets';
import { loadOne } from './thread';

export interface CheckOptions extends CheckJob {
  /** What paths are shown relative to. */
  readonly root: string;
  /** Judges only every `of`th module, beginning with number `index` (from 1); all are read. */
  readonly shard: { readonly index: number; readonly of: number } | null;
  readonly baseline: Baseline | null;
  /** Script that takes part in the work when it is started as a thread. */
  readonly script: string;
  readonly progress: (phase: 'reading' | 'loading', done: number, total: number) => void;
}

/** A report for each target. Throws InputError for a target that cannot be used. */
export async function checkModules(options: CheckOptions): Promise<CheckReport[]> {
  const { files, targets, cmdline, relocations, progress } = options;
  const job: CheckJob = { files, targets, cmdline, relocations };
  const pool = new CheckPool(job, options.script);
  try {
    const { facts, modules } = await openTargets(targets);
    const parts = await pool.screen(facts, taken => progress('reading', taken, files.length));
    const unreadable = parts.flatMap(part => part.unreadable);
    const links = facts.map((kernel, t) =>
      linkTree(
        parts.flatMap(({ columns }) => columns[t] ?? []),
        files.length,
        deriveFeatures(kernel),
      ),
    );
    const tasks = links.flatMap((tree, target) => tasksOf(tree, target, options));
    const loader = new Loader(job, facts, modules);
    const answers = await pool.load(
      tasks,
      task => loadOne(loader, job, task),
      done => progress('loading', done, tasks.length),
    );
    return facts.map((kernel, target) => {
      const tree = links[target];
      const own = answers.filter((answer): answer is LoadAnswer => 'errno' in answer && answer.target === target);
      const gone = answers.filter((answer): answer is Unreadable => !('errno' in answer));
      return reportOf(options, kernel, tree ?? linkTree([], 0, deriveFeatures(kernel)), own, [...unreadable, ...gone]);
    });
  } finally {
    await pool.close();
  }
}

const isJudged = ({ shard }: CheckOptions, module: number): boolean =>
  shard === null || module % shard.of === shard.index - 1;

function tasksOf(tree: TreeLinks, target: number, options: CheckOptions): LoadTask[] {
  const tasks: LoadTask[] = [];
  for (const [module, row] of tree.rows.entries()) {
    if (!row || tree.passes[module] === 1 || !isJudged(options, module)) continue;
    const dependencies = dependenciesOf(tree.needs, module);
    const outside = [module, ...dependencies].some(number => tree.missing.has(number));
    tasks.push({ target, module, dependencies, outside });
  }
  return tasks;
}

function reportOf(
  options: CheckOptions,
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
  const add = (module: number, name: string, finding: Finding): void => {
    if (finding.severity !== 'error' && finding.severity !== 'warning') return;
    const where = shown(module);
    findings.push({ ...finding, module: name, path: where, fingerprint: fingerprintOf(finding, where) });
  };
  for (const [module, row] of tree.rows.entries()) {
    if (!row || !isJudged(options, module)) continue;
    const answer = asked.get(module);
    const name = answer?.name ?? row.name;
    modules.push({
      name,
      path: shown(module),
      verdict: answer && answer.errno !== 0 ? 'refused' : 'loads',
      errno: answer?.errno ?? 0,
      errnoName: answer?.errnoName ?? null,
      depends: answer?.depends ?? Array.from(tree.needs.of(module), needed => tree.rows[needed]?.name ?? ''),
      refusedDependencies: answer?.refusedDependencies ?? [],
    });
    for (const reason of new Set(answer?.notChecked ?? tree.notChecked.get(module)))
      notChecked.set(reason, (notChecked.get(reason) ?? 0) + 1);
    for (const finding of answer?.findings ?? []) add(module, name, finding);
    const first = tree.shadowed.get(module);
    if (first !== undefined)
      add(module, name, ofTree(duplicateModule, { module: name, path: shown(module), other: shown(first) }));
  }
  for (const cycle of tree.cycles) {
    const [first] = cycle;
    if (first === undefined || !isJudged(options, first)) continue;
    const names = cycle.map(module => tree.rows[module]?.name ?? moduleNameOfPath(shown(module)));
    add(first, names[0] ?? '', ofTree(dependencyCycle, { modules: names }));
  }
  const fresh = findings.filter(({ fingerprint }) => !options.baseline?.fingerprints.has(fingerprint));
  return {
    schema: 1,
    kernel: { release, arch },
    modules,
    findings: fresh,
    known: findings.length - fresh.length,
    unreadable: [...new Set(unreadable.map(({ reason }) => reason))].sort(),
    notChecked: [...notChecked].map(([reason, count]) => ({ reason, modules: count })),
  };
}

/** A finding about the tree rather than about a load. */
function ofTree<Facts>(definition: FindingDefinition<Facts>, facts: Facts): Finding {
  const { id, severity, message, explain } = definition;
  return {
    code: id,
    severity: typeof severity === 'function' ? severity(facts) : severity,
    stage: 'depmod',
    message: message?.(facts) ?? id,
    explanation: explain(facts),
    locations: [],
  };
}

function relativeTo(root: string, file: string): string {
  const relative = path.relative(root, file);
  return relative === '' || relative.startsWith('..') ? file : relative;
}
