// Runs recorded cases in the virtual machines of src/host/node/boot, and compares the answers with recording and simulation.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { System } from '../../../src/index';
import { withBootableImage } from '../../../src/host/node/boot/bootImage';
import { bootMany, type StepGroup } from '../../../src/host/node/boot/manyLoads';
import { machineOf } from '../../../src/host/node/boot/machines';
import type { BootStep } from '../../../src/host/node/boot/plan';
import { findQemu } from '../../../src/host/node/boot/qemu';
import { loadStep, removeStep } from '../../../src/host/node/boot/steps';
import { compareBoot } from '../../../src/report/boot/compare';
import type { RealStep } from '../../../src/report/boot/types';
import type { Arch, KernelFacts } from '../../../src/target/types';
import { knownDifferences } from '../replay';
import { recordedFacts } from './engine';
import { normaliseLog } from '../../../src/report/boot/normaliseLog';
import { casesFile, fixturesDir } from './paths';
import { applyRecipe, isStock } from './recipe';
import { readRecording, type RecordedCase, type RecordedStep } from './recording';

export interface BootJudgement {
  readonly cases: number;
  readonly steps: number;
  readonly facts: number;
  readonly boots: number;
  /** Cases that crash the kernel, by name. */
  readonly crashes: readonly string[];
  readonly againstRecording: readonly string[];
  readonly againstSimulation: readonly string[];
}

/** Lines that come once in a boot: another order of cases puts them elsewhere. */
const ONCE = /taints kernel|tainting kernel|Disabling lock debugging|kernel tainted/;

/** @param count cases to take, spread evenly over those that only need fixtures */
export async function judgeByBoot(release: string, arch: Arch, image: string, count: number): Promise<BootJudgement> {
  const machine = machineOf(arch);
  const facts = await recordedFacts(release);
  if (!machine || !facts) throw new Error(`no ${arch} or no facts of ${release}`);
  const known = knownDifferences(release, facts);
  const boot = readRecording(casesFile(release)).find(({ cmdline }) => cmdline === '');
  const usable = (boot?.cases ?? []).filter(
    ({ id, steps }) =>
      !known.has(id) && !id.startsWith('stock/') && !steps.some(step => step.op === 'insmod' && isStock(step.module)),
  );
  const cases = sample(usable, count);
  const groups = cases.map(each => groupOf(release, each));
  const judge = new Judge(facts);
  const options = { program: findQemu(machine, null), machine, cmdline: '', timeout: 60, accelerator: 'tcg' } as const;
  let at = 0;
  await withBootableImage(image, async bootable => {
    for await (const { boot: number, steps, end } of bootMany(groups, { ...options, image: bootable })) {
      const [recorded, group] = [cases[at], groups[at]];
      if (recorded && group) judge.hear(number, recorded, group, steps, end !== null);
      at++;
    }
  });
  return judge.judgement(at);
}

function sample<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, all.length / count);
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => all[Math.floor(i * step)] as T);
}

/** The steps of a case, and the removal of everything that it may leave. */
function groupOf(release: string, { steps }: RecordedCase): StepGroup {
  const own = steps.map((step): BootStep =>
    step.op === 'insmod' ? insmodStep(release, step) : { ...step, op: 'rmmod' },
  );
  const names = new Set(own.flatMap(step => (step.op === 'insmod' ? step.name : [])));
  const left = steps.flatMap(({ dumps }) => Object.keys(dumps ?? {}));
  return [...own, ...[...new Set([...names, ...left])].reverse().map(removeStep)];
}

function insmodStep(release: string, step: RecordedStep & { readonly op: 'insmod' }): BootStep {
  const { module, args = '', flags = 0, syscall = 'finit_module' } = step;
  if (isStock(module)) throw new Error('a module of the distribution');
  const bytes = applyRecipe(readFileSync(path.join(fixturesDir(release), `${module.fixture}.ko`)), module);
  // As the kernel calls it: the dump of a module that was changed has its name.
  const [own] = Object.keys(step.dumps ?? {});
  const file = { path: `${module.fixture}.ko`, bytes, args, flags, syscall };
  return loadStep(own === undefined || Object.keys(step.dumps ?? {}).length > 1 ? file : { ...file, name: own });
}

class Judge {
  private system: System;
  private boot = 0;
  private steps = 0;
  private facts = 0;
  private readonly crashes: string[] = [];
  private readonly againstRecording: string[] = [];
  private readonly againstSimulation: string[] = [];

  constructor(private readonly target: KernelFacts) {
    this.system = new System(target);
  }

  hear(
    boot: number,
    { id, steps }: RecordedCase,
    group: StepGroup,
    answers: readonly RealStep[],
    isEnd: boolean,
  ): void {
    if (boot !== this.boot) this.system = new System(this.target);
    this.boot = boot;
    for (const [i, step] of group.entries()) {
      const real = answers[i];
      const recorded = steps[i];
      if (!real) {
        const isSame = recorded?.crash === true && isEnd;
        if (isSame) this.crashes.push(id);
        else this.againstRecording.push(`${id}: step ${i} was not answered`);
        return;
      }
      this.steps++;
      this.simulate(id, step, real, recorded?.op === 'insmod' ? recorded.initResult : undefined);
      if (recorded) this.compare(id, recorded, real);
    }
  }

  private compare(id: string, recorded: RecordedStep, real: RealStep): void {
    const expected = shown(
      recorded.errno ?? 0,
      recorded.op === 'insmod' ? recorded.loaded === true : null,
      recorded.log ?? [],
    );
    const got = shown(
      real.errno,
      real.loaded,
      real.log.map(({ level, text }) => [level, text] as const),
    );
    this.facts += 3;
    if (expected !== got) this.againstRecording.push(`${id}: recorded ${expected}, now ${got}`);
    const dump = recorded.dumps?.[real.module];
    if (!dump || !real.shown) return;
    for (const [name, was, is] of [
      ['coresize', dump.coresize, real.shown.coresize],
      ['taint', dump.taint, real.shown.taint],
      ...Object.entries(real.shown.params).map(([name, value]) => [name, dump.parameters[name], value] as const),
    ] as const) {
      this.facts++;
      if (was !== is) this.againstRecording.push(`${id}: ${name} was ${was}, is ${is}`);
    }
  }

  private simulate(id: string, step: BootStep, real: RealStep, initResult = real.initReturned ?? 0): void {
    if (step.op === 'rmmod') {
      const { errno } = this.system.rmmod(step.name, { flags: step.flags });
      this.facts++;
      if (errno !== real.errno) this.againstSimulation.push(`${id}: rmmod ${step.name} ${errno}, really ${real.errno}`);
      return;
    }
    const { args, flags, syscall } = step;
    const result = this.system.insmod(step, args, { flags, syscall, initResult, comm: 'init' });
    const compared = compareBoot({ result, modules: this.system.modules, removal: null }, real, null);
    this.facts += compared.length;
    for (const { fact, name, simulated, real: really } of compared.filter(({ outcome }) => outcome === 'differs'))
      this.againstSimulation.push(`${id}: ${fact} ${name}: simulated ${simulated}, really ${really}`);
  }

  judgement(cases: number): BootJudgement {
    const { steps, facts, boot, crashes, againstRecording, againstSimulation } = this;
    return { cases, steps, facts, boots: boot + 1, crashes, againstRecording, againstSimulation };
  }
}

function shown(errno: number, loaded: boolean | null, log: readonly (readonly [number, string])[]): string {
  const lines = normaliseLog(log).filter(line => !ONCE.test(line));
  return JSON.stringify([errno, loaded, lines]);
}
