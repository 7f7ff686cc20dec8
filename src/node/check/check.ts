// Every module of a tree against every kernel.
import { deriveFeatures } from '../../core/kernel/features';
import type { KernelFacts } from '../../core/kernel/types';
import type { CheckReport } from '../../core/report/check/types';
import { dependenciesOf, linkTree, type TreeLinks } from '../../core/screen/linkTree';
import type { ScreenedColumns } from '../../core/screen/columns';
import { isJudged, reportOf, type ReportOptions } from './checkReport';
import type { CheckJob, LoadAnswer, LoadTask, Unreadable } from './job';
import type { CheckPool } from './pool';
import { providersOutside } from './providers';
import { screenFiles } from './screening';
import { openTargets } from './targets';

export interface CheckOptions extends CheckJob, ReportOptions {
  readonly progress: (phase: 'reading' | 'loading', done: number, total: number) => void;
}

/** A report for each target. Throws InputError for a target that cannot be used. */
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
  const trees: Tree[] = [];
  for (const [t, kernel] of facts.entries()) {
    const columns = parts.flatMap(part => part.columns[t] ?? []);
    trees.push(await withProviders(job, kernel, modules[t] ?? null, columns));
  }
  const tasks = trees.flatMap((tree, target) => tasksOf(tree, target, options));
  const answers = await load(pool, facts, cmdline, tasks, done => progress('loading', done, tasks.length));
  const unreadable = [...parts.flatMap(part => part.unreadable), ...answers.filter(isUnreadable)];
  return trees.map(({ links, kernel }, target) => {
    const own = answers.filter((answer): answer is LoadAnswer => !isUnreadable(answer) && answer.target === target);
    return reportOf(options, kernel, links, own, unreadable);
  });
}

/** The modules that were given, and behind them those of the kernel's own that they need. */
interface Tree {
  readonly kernel: KernelFacts;
  readonly files: readonly string[];
  readonly links: TreeLinks;
}

async function withProviders(
  job: CheckJob,
  kernel: KernelFacts,
  modules: string | null,
  columns: ScreenedColumns[],
): Promise<Tree> {
  const files = [...job.files];
  for (;;) {
    const links = linkTree(columns, files.length, deriveFeatures(kernel));
    const providers = modules === null ? [] : providersOutside(kernel, modules, links, files);
    if (providers.length === 0) return { kernel, files, links };
    const next = Int32Array.from([files.length]);
    files.push(...providers);
    const more = await screenFiles({ ...job, files }, [kernel], { kind: 'shared', next });
    columns.push(...more.columns);
  }
}

async function load(
  pool: CheckPool,
  facts: readonly KernelFacts[],
  cmdline: string,
  tasks: readonly LoadTask[],
  tell: (done: number) => void,
): Promise<(LoadAnswer | Unreadable)[]> {
  // Most checks need no loader.
  if (tasks.length === 0) return [];
  const { Loader, loadOne } = await import('./loading');
  const loader = new Loader(facts, cmdline);
  return pool.load(tasks, task => loadOne(loader, task), tell);
}

const isUnreadable = (answer: LoadAnswer | Unreadable): answer is Unreadable => !('errno' in answer);

function tasksOf({ links, files }: Tree, target: number, options: CheckOptions): LoadTask[] {
  const tasks: LoadTask[] = [];
  for (const [module, path] of options.files.entries()) {
    if (!links.rows[module] || links.passes[module] === 1 || !isJudged(options, module)) continue;
    const dependencies = dependenciesOf(links.needs, module).flatMap(needed => files[needed] ?? []);
    tasks.push({ target, module, path, dependencies });
  }
  return tasks;
}
