// Modules for which the loader has to be asked, each with what it needs loaded first. A dependency is loaded once: what it
// left behind is shared by the machines of all modules that need it.
import type { KernelFacts } from '../../../target/types';
import { rememberingVerdicts } from '../../../linux/crypto/asymmetric_keys/rememberedVerdicts';
import { BootedKernel } from '../../../linux/kernel/module/bootedKernel';
import { loadModule, type LoadOutcome } from '../../../linux/kernel/module/loadModule';
import {
  adopt,
  bootMachine,
  fitsOn,
  justBooted,
  leftBehind,
  type LeftBehind,
} from '../../../linux/kernel/module/machine';
import { listedModule } from '../../../linux/kernel/module/listedModule';
import { newLoad } from '../../../linux/kernel/module/newLoad';
import type { Load, Machine } from '../../../linux/kernel/module/types';
import { moduleName, toSummary, type LoadSummary } from '../../../report/result';
import { noteText } from '../../../findings/notes';
import type { Finding } from '../../../findings/types';
import { moduleNameOfPath } from '../../../formats/ko/moduleName';
import { rowsOf } from '../needs/listedRows';
import { packingOf } from '../decompress';
import { InputError, inputError } from '../files';
import { decompress } from '../lazyDecompress';
import { verifyPkcs7 } from '../lazyPkcs7';
import { FileReader } from './fileReader';
import { unpackWithin, type UnpackBudget } from './unpackBudget';
import type { LoadAnswer, LoadTask, NeededModule, Unreadable } from './job';

interface Ran {
  readonly load: Load;
  readonly outcome: LoadOutcome;
  /** Valid until the next file is read. */
  readonly bytes: Uint8Array;
}

export class Loader {
  private readonly reader = new FileReader();
  private readonly machines: readonly Machine[];
  /** By target, then by path. */
  private readonly loaded: readonly Map<string, LeftBehind>[];

  /** @param cmdline kernel command line */
  constructor(
    facts: readonly KernelFacts[],
    cmdline: string,
    private readonly budget: UnpackBudget,
  ) {
    const verify = rememberingVerdicts(verifyPkcs7);
    this.machines = facts.map(kernel => bootMachine(new BootedKernel(kernel), cmdline, verify, decompress));
    this.loaded = facts.map(() => new Map<string, LeftBehind>());
  }

  /** Throws InputError when the module itself cannot be read. */
  async load({ target, module, path, dependencies, listed, apart }: LoadTask): Promise<LoadAnswer> {
    const booted = this.machines[target];
    if (!booted) throw new InputError(path, `no target number ${target}`);
    const machine = this.withListed(booted, listed);
    const refused: string[] = [];
    for (const [i, needed] of dependencies.entries()) {
      const known = apart
        ? await this.insmodOn(machine, needed.path)
        : await this.share(target, dependencies, i, machine, listed);
      if (!known.module) refused.push(known.name);
    }
    const { load, outcome, bytes } = await this.run(machine, path);
    return { ...(await answerOf(target, module, path, load, outcome, bytes)), refusedDependencies: refused };
  }

  /** Puts dependency number `i` on a machine, as it was when it was loaded with only what it needs itself. */
  private async share(
    target: number,
    all: readonly NeededModule[],
    i: number,
    machine: Machine,
    listed: readonly string[],
  ): Promise<LeftBehind> {
    const path = all[i]?.path ?? '';
    const shared = this.loaded[target] ?? new Map<string, LeftBehind>();
    const known = shared.get(path) ?? (await this.loadApart(shared, all, i, this.withListed(machine, listed)));
    if (!fitsOn(machine, known)) return this.insmodOn(machine, path);
    adopt(machine, known);
    return known;
  }

  private async loadApart(
    shared: Map<string, LeftBehind>,
    all: readonly NeededModule[],
    i: number,
    own: Machine,
  ): Promise<LeftBehind> {
    for (const other of closureOf(all, i)) {
      const needed = shared.get(all[other]?.path ?? '');
      if (needed) adopt(own, needed);
    }
    const path = all[i]?.path ?? '';
    const loaded = await this.insmodOn(own, path);
    shared.set(path, loaded);
    return loaded;
  }

  /** A machine that has just booted, with those of the kernel's own modules in it of which nothing else is known. */
  private withListed(booted: Machine, owners: readonly string[]): Machine {
    const machine = justBooted(booted);
    const { kernel } = booted;
    for (const owner of owners)
      machine.modules.push(listedModule(kernel, moduleNameOfPath(owner), rowsOf(kernel.facts, owner)));
    return machine;
  }

  private async insmodOn(machine: Machine, path: string): Promise<LeftBehind> {
    const { load } = await this.run(machine, path);
    return leftBehind(machine, load.mod, moduleName(load, path));
  }

  private async run(machine: Machine, path: string): Promise<Ran> {
    const file = this.reader.read(path);
    const bytes = await unpackWithin(this.budget, path, file);
    const settings = { flags: 0, syscall: 'finit_module', initResult: 0, comm: 'insmod' } as const;
    const load = newLoad(machine, bytes, '', { ...settings, ...packingOf(file) });
    const outcome = loadModule(load);
    return { load, outcome, bytes };
  }
}

/** What dependency number `i` needs itself, in the order of loading. */
function closureOf(all: readonly NeededModule[], i: number): number[] {
  const found = new Set<number>();
  const left = [...(all[i]?.needs ?? [])];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    left.push(...(all[next]?.needs ?? []));
  }
  return [...found].sort((a, b) => a - b);
}

/** What a check reports of the load of a file with these bytes. */
export async function answerOf(
  target: number,
  module: number,
  path: string,
  load: Load,
  outcome: LoadOutcome,
  bytes: Uint8Array,
): Promise<LoadAnswer> {
  const summary = toSummary(load, outcome, path);
  const { verdict, errno, errnoName, depends } = summary;
  const { name } = summary.module;
  const notChecked = load.stages
    .filter(stage => stage.outcome === 'not-checked')
    .flatMap(({ notes }) => notes.map(note => noteText(note)));
  const findings = await located(summary, bytes);
  return { target, module, name, verdict, errno, errnoName, depends, findings, notChecked, refusedDependencies: [] };
}

/** A file that has disappeared since it was examined is reported like one that never existed. */
export async function loadOne(loader: Loader, task: LoadTask): Promise<LoadAnswer | Unreadable> {
  try {
    return await loader.load(task);
  } catch (error) {
    return { module: task.module, reason: inputError(task.path, error).message };
  }
}

/** With places in the source, which only modules with something to be told about pay for. */
async function located(result: LoadSummary, bytes: Uint8Array): Promise<readonly Finding[]> {
  const worthIt = result.findings.some(({ severity }) => severity === 'error' || severity === 'warning');
  if (!worthIt) return result.findings;
  const { locateFindings } = await import('../../places/locate');
  return locateFindings(result, bytes);
}
