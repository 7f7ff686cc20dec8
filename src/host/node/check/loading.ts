// Modules for which the loader has to be asked: each on a machine of its own, with what it needs loaded first.
import { System, type LoadResult, type ModuleFile } from '../../../index';
import type { KernelFacts } from '../../../target/types';
import type { StageResult } from '../../../report/types';
import { readModule } from '../decompress';
import { InputError, inputError } from '../files';
import type { LoadAnswer, LoadTask, Unreadable } from './job';

/** Bytes of dependencies that are kept from one load to the next. */
const KEPT = 64 << 20;

export class Loader {
  private readonly kept = new Map<string, ModuleFile>();
  private keptBytes = 0;

  constructor(
    private readonly facts: readonly KernelFacts[],
    /** Kernel command line. */
    private readonly cmdline: string,
  ) {}

  /** Throws InputError when the module itself cannot be read. */
  async load({ target, module, path, dependencies }: LoadTask): Promise<LoadAnswer> {
    const facts = this.facts[target];
    if (!facts) throw new InputError(path, `no target number ${target}`);
    const system = new System(facts, { cmdline: this.cmdline });
    const refused: string[] = [];
    for (const dependency of dependencies) {
      const result = system.insmod(await this.read(dependency));
      if (result.verdict === 'refused') refused.push(result.module.name);
    }
    const file = await this.read(path);
    const result = system.insmod(file);
    return {
      target,
      module,
      name: result.module.name,
      errno: result.errno,
      errnoName: result.errnoName,
      depends: result.depends,
      findings: await located(result, file),
      notChecked: result.stages.filter(isNotChecked).flatMap(({ notes }) => notes),
      refusedDependencies: refused,
    };
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
export async function loadOne(loader: Loader, task: LoadTask): Promise<LoadAnswer | Unreadable> {
  try {
    return await loader.load(task);
  } catch (error) {
    return { module: task.module, reason: inputError(task.path, error).message };
  }
}

const isNotChecked = ({ outcome }: StageResult): boolean => outcome === 'not-checked';

/** With places in the source, which only modules with something to be told about pay for. */
async function located(result: LoadResult, { path, bytes }: ModuleFile): Promise<LoadResult['findings']> {
  const worthIt = result.findings.some(({ severity }) => severity === 'error' || severity === 'warning');
  if (!worthIt) return result.findings;
  const { locateResults } = await import('../../places/locate');
  return (await locateResults(path, bytes, [result]))[0]?.findings ?? [];
}
