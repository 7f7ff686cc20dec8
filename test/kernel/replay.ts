// Replays a recording against the engine: one simulated machine per recorded boot, the same steps in the same order.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compareInsmod, compareRmmod, FIELDS, type Comparison, type Field } from './lib/compare';
import type { EngineSystem, EngineTarget } from './lib/engine';
import { fixturesDir, kernelTestDir, recordedRoot } from './lib/paths';
import { applyRecipe, isStock, readFixtureModule, type ModuleSpec } from './lib/recipe';
import type { RecordedBoot, RecordedCase, RecordedStep } from './lib/recording';
import { findModulesDir, readStockModule } from './lib/stock';

const O_NONBLOCK = 0x800;
const O_TRUNC = 0x200;

export interface Disagreement extends Comparison {
  readonly boot: string;
  readonly id: string;
  readonly step: number;
}

export interface Tally {
  agreeing: number;
  total: number;
}

export interface ReplayReport {
  readonly release: string;
  readonly cases: number;
  /** Cases that agree and that could be compared, by field. */
  readonly fields: Readonly<Record<Field, Tally>>;
  readonly disagreements: readonly Disagreement[];
  /** Cases that need the distribution's modules, which are not on this machine. */
  readonly notRun: readonly string[];
  /** Cases in which the real kernel crashed; the engine only has to give an answer. */
  readonly crashes: readonly string[];
}

/** A case that cannot agree, and why. */
export interface KnownDifference {
  readonly id: string;
  readonly reason: string;
  /** Left out: every release. */
  readonly releases?: readonly string[];
}

/** Releases that have a recording. */
export function recordedReleases(): string[] {
  const root = recordedRoot();
  if (!existsSync(root)) return [];
  return readdirSync(root).filter(name => existsSync(path.join(root, name, 'cases.jsonl')));
}

/** The cases of test/kernel/known-differences.json that concern a release, by name, with their reasons. */
export function knownDifferences(release: string): Map<string, string> {
  const file = path.join(kernelTestDir(), 'known-differences.json');
  const all = JSON.parse(readFileSync(file, 'utf8')) as KnownDifference[];
  const concerned = all.filter(known => known.releases?.includes(release) ?? true);
  return new Map(concerned.map(({ id, reason }) => [id, reason]));
}

class Replayer {
  private readonly fields = Object.fromEntries(FIELDS.map(f => [f, { agreeing: 0, total: 0 }])) as Record<Field, Tally>;
  private readonly disagreements: Disagreement[] = [];
  private readonly notRun: string[] = [];
  private readonly crashes: string[] = [];
  private readonly modulesDir: string | null;
  private cases = 0;

  constructor(
    private readonly release: string,
    private readonly target: EngineTarget,
  ) {
    this.modulesDir = findModulesDir(release);
  }

  replay(boots: readonly RecordedBoot[]): ReplayReport {
    for (const { boot, cmdline, cases } of boots) {
      const system = this.target.boot(cmdline);
      let known = true;
      for (const recorded of cases) {
        // What only follows cases that did not run starts from a state that nobody simulated.
        const ran: boolean = known && this.replayCase(system, boot, recorded);
        if (!known) this.notRun.push(recorded.id);
        if (recorded === cases[0]) known = ran;
      }
    }
    const { release, cases, fields, disagreements, notRun, crashes } = this;
    return { release, cases, fields, disagreements, notRun, crashes };
  }

  /** Whether the case could be run here. */
  private replayCase(system: EngineSystem, boot: string, { id, steps }: RecordedCase): boolean {
    const needsStock = steps.some(step => step.op === 'insmod' && isStock(step.module));
    if (needsStock && this.modulesDir === null) {
      this.notRun.push(id);
      return false;
    }
    this.cases++;
    const outcome = new Map<Field, boolean>();
    for (const [i, step] of steps.entries()) {
      if (step.crash) this.crashes.push(id);
      for (const comparison of this.replayStep(system, step)) {
        outcome.set(comparison.field, (outcome.get(comparison.field) ?? true) && comparison.agrees);
        if (!comparison.agrees) this.disagreements.push({ ...comparison, boot, id, step: i });
      }
    }
    removeLeft(system);
    for (const [field, agrees] of outcome) {
      this.fields[field].total++;
      if (agrees) this.fields[field].agreeing++;
    }
    return true;
  }

  /** A real kernel that crashed answered nothing; an engine that throws answers nothing either, and that is wrong. */
  private replayStep(system: EngineSystem, step: RecordedStep): Comparison[] {
    try {
      const compared = this.answer(system, step);
      return [...(step.crash ? [] : compared), { field: 'exception', agrees: true, expected: '', got: '' }];
    } catch (error) {
      const got = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return [{ field: 'exception', agrees: false, expected: 'an answer', got }];
    }
  }

  private answer(system: EngineSystem, step: RecordedStep): Comparison[] {
    if (step.op === 'rmmod') {
      return compareRmmod(step, system.rmmod(step.name, { flags: step.flags }));
    }
    const { module, args = '', flags = 0, syscall = 'finit_module', initResult = 0 } = step;
    const result = system.insmod({ path: pathOf(module), bytes: this.bytes(module) }, args, {
      flags,
      syscall,
      initResult,
    });
    return compareInsmod(step, result, system.modules);
  }

  private bytes(spec: ModuleSpec): Uint8Array {
    if (!isStock(spec)) return readFixtureModule(fixturesDir(this.release), spec);
    if (this.modulesDir === null) throw new Error(`no modules of ${this.release} here`);
    return applyRecipe(readStockModule(this.modulesDir, spec.stock), spec);
  }
}

/** After a disagreement the engine may still hold a module that no longer is there: the next case starts without. */
function removeLeft(system: EngineSystem): void {
  for (const { name } of [...system.modules].reverse()) system.rmmod(name, { flags: O_NONBLOCK });
  for (const { name } of [...system.modules].reverse()) system.rmmod(name, { flags: O_NONBLOCK | O_TRUNC });
}

function pathOf(spec: ModuleSpec): string {
  return isStock(spec) ? path.basename(spec.stock) : `${spec.fixture}.ko`;
}

/** Replays all boots of a recording against the engine's picture of that kernel. */
export function replayRecording(release: string, target: EngineTarget, boots: readonly RecordedBoot[]): ReplayReport {
  return new Replayer(release, target).replay(boots);
}

/** The report as a table of one line per field. */
export function formatReport(report: ReplayReport): string {
  const rows = FIELDS.map(field => {
    const { agreeing, total } = report.fields[field];
    return `  ${field.padEnd(10)} ${String(agreeing).padStart(5)} / ${total}`;
  });
  const notRun =
    report.notRun.length === 0
      ? ''
      : `\n  not run: ${report.notRun.length} cases, the modules of that kernel are not here (npm run test:kernel -- --target fetches them)`;
  const crashed =
    report.crashes.length === 0
      ? ''
      : `\n  the kernel itself crashed in ${report.crashes.length} cases, which leaves nothing to compare: ${report.crashes.join(', ')}`;
  return `${report.release}: ${report.cases} cases\n${rows.join('\n')}${notRun}${crashed}`;
}

/** One disagreement as text: where, what, and both answers. */
export function formatDisagreement({ boot, id, step, field, expected, got }: Disagreement): string {
  const indent = (text: string): string => text.replaceAll('\n', '\n      ');
  return `${boot} ${id} step ${step}: ${field}\n    kernel: ${indent(expected)}\n    engine: ${indent(got)}`;
}
