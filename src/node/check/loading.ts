// Modules for which the loader has to be asked: each on a machine of its own, with what it needs loaded first.
import { System, type LoadResult, type ModuleFile } from '../../index';
import type { KernelFacts } from '../../core/kernel/types';
import type { StageResult } from '../../core/report/types';
import { readModule } from '../decompress';
import { InputError, inputError } from '../files';
import { loadOrder, ModuleFinder } from '../loadOrder';
import type { CheckJob, LoadAnswer, LoadTask, Unreadable } from './job';

/** Bytes of dependencies that are kept from one load to the next. */
const KEPT = 64 << 20;

export class Loader {
  private readonly kept = new Map<string, ModuleFile>();
  private keptBytes = 0;
  private readonly finders: (ModuleFinder | null)[] = [];

  constructor(
    private readonly job: CheckJob,
    private readonly facts: readonly KernelFacts[],
    /** By target: the directory of the kernel's own modules, for what the tree does not have. */
    private readonly modules: readonly (string | null)[],
  ) {}

  /** Throws InputError when the module itself cannot be read. */
  async load(task: LoadTask): Promise<LoadAnswer> {
    const facts = this.facts[task.target];
    const path = this.job.files[task.module];
    if (!facts || path === undefined) throw new InputError(String(task.module), 'no such module');
    const system = new System(facts, { cmdline: this.job.cmdline });
    const dependencies = task.dependencies.flatMap(number => this.job.files[number] ?? []);
    const refused: string[] = [];
    for (const dependency of [...(await this.ofTheKernel(task, path)), ...dependencies]) {
      const result = system.insmod(await this.read(dependency));
      if (result.verdict === 'refused') refused.push(result.module.name);
    }
    const file = await this.read(path);
    const result = system.insmod(file);
    return {
      target: task.target,
      module: task.module,
      name: result.module.name,
      errno: result.errno,
      errnoName: result.errnoName,
      depends: result.depends,
      findings: await located(result, file),
      notChecked: result.stages.filter(isNotChecked).flatMap(({ notes }) => notes),
      refusedDependencies: refused,
    };
  }

  /** Modules of the kernel's own that are needed, where the module's tree is not that kernel's. */
  private async ofTheKernel({ target, dependencies, outside }: LoadTask, path: string): Promise<string[]> {
    const finder = outside ? this.finderOf(target) : null;
    if (!finder) return [];
    const inTree = new Set(dependencies.map(number => this.job.files[number]));
    const order: string[] = [];
    for (const module of [...inTree, path]) {
      if (module === undefined) continue;
      for (const needed of await loadOrder(module, finder, []))
        if (needed !== module && needed !== path && !inTree.has(needed) && !order.includes(needed)) order.push(needed);
    }
    return order;
  }

  private finderOf(target: number): ModuleFinder | null {
    const directory = this.modules[target] ?? null;
    if (directory === null) return null;
    return (this.finders[target] ??= new ModuleFinder([], this.job.files, directory));
  }

  private async read(path: string): Promise<ModuleFile> {
    const known = this.kept.get(path);
    if (known) return known;
    const { bytes, compression } = await readModule(path);
    const file = { path, bytes, compression: compression === 'none' ? null : compression };
    this.keptBytes += bytes.length;
    if (this.keptBytes > KEPT) {
      this.kept.clear();
      this.keptBytes = bytes.length;
    }
    this.kept.set(path, file);
    return file;
  }
}

/** A file that went away since it was looked at is told like one that was never there. */
export async function loadOne(loader: Loader, job: CheckJob, task: LoadTask): Promise<LoadAnswer | Unreadable> {
  try {
    return await loader.load(task);
  } catch (error) {
    return { module: task.module, reason: inputError(job.files[task.module] ?? '', error).message };
  }
}

const isNotChecked = ({ outcome }: StageResult): boolean => outcome === 'not-checked';

/** With places in the source, which only modules with something to be told about pay for. */
async function located(result: LoadResult, { path, bytes }: ModuleFile): Promise<LoadResult['findings']> {
  const worthIt = result.findings.some(({ severity }) => severity === 'error' || severity === 'warning');
  if (!worthIt) return result.findings;
  const { locateResult, openLocator } = await import('../locate');
  return locateResult(openLocator(path, bytes, result.module.name), result).findings;
}
