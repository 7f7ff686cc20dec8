// Every module of a tree against every kernel.
import { deriveFeatures } from '../../core/kernel/features';
import type { CheckReport } from '../../core/report/check/types';
import { dependenciesOf, linkTree, type TreeLinks } from '../../core/screen/linkTree';
import { isJudged, reportOf, type ReportOptions } from './checkReport';
import type { CheckJob, LoadAnswer, LoadTask, Unreadable } from './job';
import type { CheckPool } from './pool';
import { openTargets, type OpenTargets } from './targets';

export interface CheckOptions extends CheckJob, ReportOptions {
  readonly progress: (phase: 'reading' | 'loading', done: number, total: number) => void;
}

/** A report for each target.  Throws InputError for a target that cannot be used. */
export async function checkModules(pool: CheckPool, options: CheckOptions): Promise<CheckReport[]> {
  const { files, targets, cmdline, relocations, progress } = options;
  const job: CheckJob = { files, targets, cmdline, relocations };
  const opening = openTargets(targets);
  const screening = pool.screen(
    job,
    opening.then(({ facts }) => facts),
    taken => progress('reading', taken, files.length),
  );
  // A target that cannot be used is what the user has to hear of first.
  screening.catch(() => undefined);
  const { facts, modules } = await opening;
  const parts = await screening;
  const unreadable = parts.flatMap(part => part.unreadable);
  const links = facts.map((kernel, t) =>
    linkTree(
      parts.flatMap(({ columns }) => columns[t] ?? []),
      files.length,
      deriveFeatures(kernel),
    ),
  );
  const tasks = links.flatMap((tree, target) => tasksOf(tree, target, options));
  const answers =
    tasks.length === 0
      ? []
      : await load(pool, job, { facts, modules }, tasks, done => progress('loading', done, tasks.length));
  return facts.map((kernel, target) => {
    const tree = links[target];
    const own = answers.filter((answer): answer is LoadAnswer => 'errno' in answer && answer.target === target);
    const gone = answers.filter((answer): answer is Unreadable => !('errno' in answer));
    return reportOf(options, kernel, tree ?? linkTree([], 0, deriveFeatures(kernel)), own, [...unreadable, ...gone]);
  });
}

async function load(
  pool: CheckPool,
  job: CheckJob,
  { facts, modules }: OpenTargets,
  tasks: readonly LoadTask[],
  tell: (done: number) => void,
): Promise<(LoadAnswer | Unreadable)[]> {
  const { Loader, loadOne } = await import('./loading');
  const loader = new Loader(job, facts, modules);
  return pool.load(tasks, task => loadOne(loader, job, task), tell);
}

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
