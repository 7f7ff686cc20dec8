// Modules of a tree on the real kernel: many loads in a boot, and several machines at a time.
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { noteText } from '../../../findings/notes';
import { openObject } from '../../../formats/ko/objectFile';
import { System, type KernelFacts, type ModuleFile } from '../../../index';
import { strerror } from '../../../linux/errno';
import { compareBoot } from '../../../report/boot/compare';
import { crashFrames } from '../../../report/boot/crashFrames';
import { summarise } from '../../../report/boot/summary';
import type { BootReport, RealBoot } from '../../../report/boot/types';
import { spread } from '../../../report/check/bootSample';
import type { BootDisagreement, CheckBoot } from '../../../report/check/types';
import type { TargetChoice } from '../../../protocol/analysis';
import { withKernel } from '../boot/bootImage';
import { placeFrames } from '../boot/crashPlaces';
import { machineFor } from '../boot/machines';
import { bootMany, type GroupAnswer } from '../boot/manyLoads';
import type { LoadStep } from '../boot/plan';
import { findQemu } from '../boot/qemu';
import type { BootOptions } from '../boot/runBoot';
import { loadStep, removeStep } from '../boot/steps';
import { readModule } from '../decompress';
import { InputError } from '../files';
import { loadNeedsOf } from '../openChoice';

export interface BootTreeRequest {
  /** Modules in the order of the check. */
  readonly files: readonly string[];
  readonly target: TargetChoice;
  readonly facts: KernelFacts;
  readonly cmdline: string;
  /** How many of the modules, spread evenly; null for all. */
  readonly count: number | null;
  /** The image to boot; null to look beside the target. */
  readonly image: string | null;
  /** QEMU's program, or the directory it is in; null for PATH. */
  readonly qemu: string | null;
  /** Seconds that loading or removing a module may take. */
  readonly timeout: number;
  /** Paths are told relative to it. */
  readonly root: string;
  readonly signal: AbortSignal;
  readonly progress: (what: string, done: number, total: number) => void;
}

/** A module with what it needs, as steps that leave nothing behind. */
interface Plan {
  readonly path: string;
  /** What is loaded first, in order, and last the module itself. */
  readonly loads: readonly LoadStep[];
}

/** Throws InputError where QEMU or the image is missing. */
export async function bootTree(request: BootTreeRequest): Promise<CheckBoot> {
  const { facts, target, count, cmdline, timeout, signal } = request;
  const machine = machineFor(facts.arch, target.path);
  const program = findQemu(machine, request.qemu);
  return withKernel(request, async ({ image, bootable, modules }) => {
    const plans = await plansOf(request, await modules(), spread(request.files, count));
    const tally = new Tally(request, plans.length);
    const options = { program, machine, image: await bootable, cmdline, timeout, signal, accelerator: 'auto' } as const;
    await Promise.all(dealt(plans, availableParallelism()).map(part => runPart(part, options, tally)));
    return tally.result(image);
  });
}

async function plansOf(request: BootTreeRequest, modules: string | null, files: readonly string[]): Promise<Plan[]> {
  const plans: Plan[] = [];
  for (const file of files) {
    const plan = await planOf(request, modules, file);
    if (plan) plans.push(plan);
  }
  return plans;
}

/** Null for a file that cannot be read, which the check has told already. */
async function planOf({ facts, cmdline }: BootTreeRequest, modules: string | null, file: string): Promise<Plan | null> {
  try {
    const own = await plainFile(file);
    const object = openObject(own.bytes);
    const kernel = { facts, modules, cmdline };
    const needs = object ? await loadNeedsOf(new System(facts, { cmdline }), { path: file, object }, kernel) : null;
    const loads: LoadStep[] = [];
    for (const need of needs?.loaded ?? [])
      if (need.path !== null) loads.push(loadStep({ ...(await plainFile(need.path)), isAsked: false }));
    return { path: file, loads: [...loads, loadStep(own)] };
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

async function plainFile(file: string): Promise<ModuleFile> {
  return { path: file, bytes: (await readModule(file)).bytes };
}

/** Every machine gets its share; a module in the middle of a tree has its neighbors on the same machine. */
function dealt(plans: readonly Plan[], machines: number): Plan[][] {
  const share = Math.max(1, Math.ceil(plans.length / machines));
  return Array.from({ length: Math.ceil(plans.length / share) }, (_, i) => plans.slice(i * share, (i + 1) * share));
}

async function runPart(plans: readonly Plan[], options: BootOptions, tally: Tally): Promise<void> {
  const groups = plans.map(({ loads }) => [...loads, ...[...loads].reverse().map(({ name }) => removeStep(name))]);
  const judge = new Judge(tally);
  let at = 0;
  for await (const answer of bootMany(groups, options)) {
    const plan = plans[at++];
    if (plan) await judge.hear(plan, answer);
  }
}

/** Follows one machine, and its successors: what a boot has printed once is not printed again. */
class Judge {
  private system: System | null = null;
  private boot = -1;

  constructor(private readonly tally: Tally) {}

  async hear({ path: file, loads }: Plan, { boot, steps, end, during, console }: GroupAnswer): Promise<void> {
    const { facts, cmdline } = this.tally.request;
    if (boot !== this.boot || !this.system) {
      this.system = new System(facts, { cmdline });
      this.tally.boots++;
      this.boot = boot;
    }
    const { system } = this;
    const own = loads.length - 1;
    const load = steps[own];
    const simulated = loads.map((step, i) =>
      system.insmod(step, '', { initResult: steps[i]?.initReturned ?? 0, comm: INIT }),
    )[own];
    const { modules } = system;
    const [removal] = [...loads].reverse().map(({ name }) => system.rmmod(name));
    const name = simulated?.module.name ?? '';
    const real: RealBoot = { ...NOTHING, steps, during, end: end ?? { kind: 'completed' } };
    const { verdict, summary } = summarise(name, facts.release, real, own, strerror);
    const compared =
      load && simulated && removal
        ? compareBoot({ result: simulated, modules, removal }, load, steps[own + 1] ?? null)
        : [];
    this.tally.add(verdict, compared.length);
    const differing = compared.filter(({ outcome }) => outcome === 'differs');
    if (differing.length === 0 && !FATAL.has(verdict)) return;
    this.tally.disagree({
      module: name,
      path: path.relative(this.tally.request.root, file),
      verdict,
      summary: noteText(summary),
      facts: differing,
      frames: verdict === 'crashed' ? await placeFrames(crashFrames(console), loads) : [],
    });
  }
}

/** Name of the process that loads: a few messages print it. */
const INIT = 'init';

const NOTHING = { version: null, accelerator: 'tcg', console: [], elapsed: 0 } as const;

/** A kernel that does not go on is told whatever was simulated. */
const FATAL: ReadonlySet<BootReport['verdict']> = new Set(['crashed', 'hung', 'unanswered']);

class Tally {
  boots = 0;
  private modules = 0;
  private facts = 0;
  private readonly verdicts: Record<BootReport['verdict'], number> = {
    loads: 0,
    'init-failed': 0,
    refused: 0,
    crashed: 0,
    hung: 0,
    unanswered: 0,
  };
  private readonly disagreements: BootDisagreement[] = [];

  constructor(
    readonly request: BootTreeRequest,
    private readonly total: number,
  ) {}

  add(verdict: BootReport['verdict'], facts: number): void {
    this.verdicts[verdict]++;
    this.facts += facts;
    this.request.progress('modules on the real kernel', ++this.modules, this.total);
  }

  disagree(found: BootDisagreement): void {
    this.disagreements.push(found);
  }

  result(image: string): CheckBoot {
    const { modules, boots, facts, verdicts } = this;
    const disagreements = [...this.disagreements].sort((a, b) => (a.path < b.path ? -1 : 1));
    return { image, modules, boots, facts, verdicts, disagreements };
  }
}
