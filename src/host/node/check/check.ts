// Every module of a tree against every kernel.
import { note, noteText } from '../../../findings/notes';
import { deriveFeatures } from '../../../linux/deriveFeatures';
import type { KernelFacts } from '../../../target/types';
import type { CheckReport } from '../../../report/check/types';
import { dependenciesOf, linkTree, MOST_DEPENDENCIES, type TreeLinks } from '../../../graph/tree/linkTree';
import type { ExaminedColumns } from '../../../graph/tree/columns';
import { LEFT_OUT, renumbered } from '../../../graph/tree/renumber';
import { CheckCache, stampsOf } from './cache';
import { isJudged, reportOf, type ReportOptions } from './checkReport';
import type { CheckJob, LoadAnswer, LoadTask, Unreadable } from './job';
import type { CheckPool, MakeTask } from './pool';
import { listedOwners, providersBuiltNear, providersOutside } from './providers';
import { examineFiles } from './examining';
import { openTargets, type OpenTargets } from './targets';
import { newUnpackBudget, type UnpackBudget } from './unpackBudget';

export interface CheckOptions extends Omit<CheckJob, 'budget'>, Omit<ReportOptions, 'hints'> {
  /** What may be unpacked in all; without one, far more than any distribution has. */
  readonly budget?: UnpackBudget;
  /** Whether hints are wanted, too. */
  readonly withHints: boolean;
  /** Where to keep what was found out, and what tells this build of the program from others; null for nowhere. */
  readonly cache: {
    readonly directory: string;
    readonly tool: string;
    /** Is told, in one line, why what is kept cannot be used. */
    readonly complain: (line: string) => void;
  } | null;
  readonly progress: (phase: 'reading' | 'loading', done: number, total: number) => void;
}

/** A report for each target. Throws InputError for a target that cannot be used. */
export async function checkModules(pool: CheckPool, options: CheckOptions): Promise<CheckReport[]> {
  const { files, targets, cmdline, relocations, progress } = options;
  // Threads get nothing else of the options.
  const job: CheckJob = { files, targets, cmdline, relocations, budget: options.budget ?? newUnpackBudget() };
  const opening = openTargets(targets);
  const examining = examinedBy(pool, job, opening, options);
  // A target that cannot be used is what the user has to hear of first.
  examining.catch(() => undefined);
  const { facts, modules } = await opening;
  const { columns, answers: early, unreadable } = await examining;
  const trees: Tree[] = [];
  for (const [t, kernel] of facts.entries())
    trees.push(await withProviders(job, kernel, modules[t] ?? null, [...(columns[t] ?? [])]));
  const tasks: MakeTask[] = [];
  const beyond: LoadAnswer[] = [];
  for (const [target, tree] of trees.entries()) {
    const answered = new Set(early.flatMap(answer => (answer.target === target ? answer.module : [])));
    for (const module of openModules(tree, answered, options)) {
      const order = dependenciesOf(tree.links.needs, module);
      if (order === null) beyond.push(beyondBudget(tree, target, module));
      // Made when its turn comes: the lists of all of them could take more memory than there is.
      else tasks.push(() => taskOf(tree, target, module));
    }
  }
  const loaded = await load(pool, job, facts, tasks, done => progress('loading', done, tasks.length));
  const answers = [...beyond, ...loaded];
  const unread = [...unreadable, ...answers.filter(isUnreadable)];
  const hints = options.withHints
    ? await (await import('./hints')).hintsOf(files, module => isJudged(options, module))
    : null;
  return trees.map(({ links, kernel }, target) => {
    const own = [...early, ...answers].filter(
      (answer): answer is LoadAnswer => !isUnreadable(answer) && answer.target === target,
    );
    return reportOf({ ...options, hints }, kernel, links, withRefused(own, links), unread);
  });
}

/** Modules that were refused before the modules they need were asked about still name those that are refused as well. */
function withRefused(answers: readonly LoadAnswer[], { needs }: TreeLinks): LoadAnswer[] {
  const refused = new Map(answers.filter(({ errno }) => errno !== 0).map(({ module, name }) => [module, name]));
  return answers.map(answer => {
    if (answer.errno === 0 || answer.refusedDependencies.length > 0) return answer;
    const names = (dependenciesOf(needs, answer.module) ?? []).flatMap(module => refused.get(module) ?? []);
    return names.length > 0 ? { ...answer, refusedDependencies: names } : answer;
  });
}

interface AllExamined {
  /** By target. */
  readonly columns: readonly (readonly ExaminedColumns[])[];
  /** Of modules that are refused whatever other modules do. */
  readonly answers: readonly LoadAnswer[];
  readonly unreadable: readonly Unreadable[];
}

/** Looks at every file, or, with a cache, at those that changed. */
async function examinedBy(
  pool: CheckPool,
  job: CheckJob,
  opening: Promise<OpenTargets>,
  { cache, progress }: CheckOptions,
): Promise<AllExamined> {
  const { files } = job;
  const facts = opening.then(opened => opened.facts);
  const look = async (some: readonly string[]): Promise<AllExamined> => {
    const parts = await pool.examine({ ...job, files: some }, facts, taken => progress('reading', taken, some.length));
    const columns = (await facts).map((_, t) => parts.flatMap(part => part.columns[t] ?? []));
    return {
      columns,
      answers: parts.flatMap(part => part.answers),
      unreadable: parts.flatMap(part => part.unreadable),
    };
  };
  if (!cache) return look(files);
  const settings = JSON.stringify([job.cmdline, job.relocations]);
  const caches = (await facts).map(
    kernel => new CheckCache(cache.directory, cache.tool, kernel, settings, cache.complain),
  );
  const stamps = stampsOf(files);
  const known = caches.map(kept => kept.recall(files, stamps));
  const knows = known.map(parts => new Set(parts.flatMap(({ rows }) => rows.map(({ module }) => module))));
  const numbers = Int32Array.from(files.keys()).filter(number => !knows.every(numbersOf => numbersOf.has(number)));
  if (numbers.length === 0) return { columns: known, answers: [], unreadable: [] };
  const fresh = await look(Array.from(numbers, number => files[number] ?? ''));
  const changed = new Set(numbers);
  const stays = Int32Array.from(files.keys(), number => (changed.has(number) ? LEFT_OUT : number));
  const columns = known.map((parts, t) => [
    ...parts.map(part => renumbered(part, stays)),
    ...(fresh.columns[t] ?? []).map(part => renumbered(part, numbers)),
  ]);
  for (const [t, kept] of caches.entries()) kept.keep(files, stamps, columns[t] ?? []);
  const unreadable = fresh.unreadable.map(({ module, reason }) => ({ module: numbers[module] ?? 0, reason }));
  const answers = fresh.answers.map(answer => ({ ...answer, module: numbers[answer.module] ?? 0 }));
  return { columns, answers, unreadable };
}

/** The modules that were given, and behind them those that they need and that were built near them or are the kernel's own. */
interface Tree {
  readonly kernel: KernelFacts;
  readonly files: readonly string[];
  readonly links: TreeLinks;
}

async function withProviders(
  job: CheckJob,
  kernel: KernelFacts,
  modules: string | null,
  columns: ExaminedColumns[],
): Promise<Tree> {
  const files = [...job.files];
  for (;;) {
    const links = linkTree(columns, files.length, deriveFeatures(kernel));
    const near = await providersBuiltNear(kernel, modules, links, files);
    const providers = near.length > 0 || modules === null ? near : providersOutside(kernel, modules, links, files);
    if (providers.length === 0) return { kernel, files, links };
    const next = Int32Array.from([files.length]);
    for (const provider of providers) files.push(provider);
    const more = await examineFiles({ ...job, files }, [kernel], { kind: 'shared', next });
    columns.push(...more.columns);
  }
}

async function load(
  pool: CheckPool,
  job: CheckJob,
  facts: readonly KernelFacts[],
  tasks: readonly MakeTask[],
  tell: (done: number) => void,
): Promise<(LoadAnswer | Unreadable)[]> {
  // Most checks need no loader.
  if (tasks.length === 0) return [];
  const { Loader, loadOne } = await import('./loading');
  const loader = new Loader(facts, job.cmdline, job.budget);
  return pool.load(job, tasks, task => loadOne(loader, task), tell);
}

const isUnreadable = (answer: LoadAnswer | Unreadable): answer is Unreadable => !('errno' in answer);

/** Modules that the loader has to be asked about. */
function openModules({ links, files }: Tree, answered: ReadonlySet<number>, options: CheckOptions): number[] {
  const isOpen = (module: number): boolean =>
    links.rows[module] !== undefined &&
    links.passes[module] !== 1 &&
    isJudged(options, module) &&
    !answered.has(module);
  return options.files.flatMap((_, module) => (module < files.length && isOpen(module) ? module : []));
}

function taskOf({ kernel, links, files }: Tree, target: number, module: number): LoadTask {
  const order = dependenciesOf(links.needs, module) ?? [];
  const places = new Map(order.map((needed, place) => [needed, place]));
  const dependencies = order.map(needed => ({
    path: files[needed] ?? '',
    needs: Array.from(links.needs.of(needed)).flatMap(other => places.get(other) ?? []),
  }));
  const apart = order.some(needed => links.clashes[needed] === 1);
  const open = [module, ...order].flatMap(each => links.missing.get(each) ?? []);
  const path = files[module] ?? '';
  return { target, module, path, dependencies, listed: listedOwners(kernel, open), apart };
}

/** What is said of a module that needs more others than are loaded for one answer. */
function beyondBudget({ links }: Tree, target: number, module: number): LoadAnswer {
  return {
    target,
    module,
    name: links.rows[module]?.name ?? '',
    verdict: 'unchecked',
    errno: 0,
    errnoName: null,
    depends: Array.from(links.needs.of(module), needed => links.rows[needed]?.name ?? ''),
    findings: [],
    notChecked: [noteText(note('too-many-dependencies', { most: MOST_DEPENDENCIES }))],
    refusedDependencies: [],
  };
}
