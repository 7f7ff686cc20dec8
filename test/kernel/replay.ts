// Replays a recording against the engine: one simulated machine per recorded boot, the same steps in the same order.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { uncheckedField } from '../../src/findings/uncheckedField';
import type { KernelFacts } from '../../src/target/types';
import { compareInsmod, compareRmmod, FIELDS, type Comparison, type Field } from './lib/compare';
import type { EngineSystem, EngineTarget } from './lib/engine';
import { fixturesDir, kernelTestDir } from './lib/paths';
import { applyRecipe, fixturesIn, isStock, type ModuleSpec, type ReadFixture } from './lib/recipe';
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
  /** The missing fact that makes them differ; with it, they agree. */
  readonly without?: 'btf';
}

/** The cases of test/kernel/known-differences.json that concern a release and what is known of it, by name, with their reasons. */
export function knownDifferences(
  release: string,
  facts: Pick<KernelFacts, 'btf'> = { btf: null },
): Map<string, string> {
  const file = path.join(kernelTestDir(), 'known-differences.json');
  const all = JSON.parse(readFileSync(file, 'utf8')) as KnownDifference[];
  const concerned = all.filter(
    ({ releases, without }) => (releases?.includes(release) ?? true) && (without === undefined || !facts[without]),
  );
  return new Map(concerned.map(({ id, reason }) => [id, reason]));
}

class Replayer {
  private readonly fields = Object.fromEntries(FIELDS.map(f => [f, { agreeing: 0, total: 0 }])) as Record<Field, Tally>;
  private readonly disagreements: Disagreement[] = [];
  private readonly notRun: string[] = [];
  private readonly crashes: string[] = [];
  private readonly fixtures = new Map<string, Uint8Array>();
  private readonly stock = new Map<string, Uint8Array>();
  private cases = 0;

  constructor(
    private readonly release: string,
    private readonly target: EngineTarget,
    private readonly modulesDir: string | null,
    private readonly fixture: ReadFixture,
  ) {}

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
    // A fixture may be checked against files that only the kernel's packages have.
    const needsStock = id.startsWith('stock/') || steps.some(step => step.op === 'insmod' && isStock(step.module));
    if (needsStock && this.modulesDir === null) {
      this.notRun.push(id);
      return false;
    }
    this.cases++;
    const outcome = new Map<Field, boolean>();
    const codes = new Set<string>();
    for (const [i, step] of steps.entries()) {
      const comparisons = this.replayStep(system, step, codes);
      if (step.crash) {
        this.crashes.push(id);
        comparisons.push(foreseen(codes));
      }
      for (const comparison of comparisons) {
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
  private replayStep(system: EngineSystem, step: RecordedStep, codes: Set<string>): Comparison[] {
    try {
      const compared = this.answer(system, step, codes);
      return [...(step.crash ? [] : compared), { field: 'exception', agrees: true, expected: '', got: '' }];
    } catch (error) {
      const got = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return [{ field: 'exception', agrees: false, expected: 'an answer', got }];
    }
  }

  private answer(system: EngineSystem, step: RecordedStep, codes: Set<string>): Comparison[] {
    if (step.op === 'rmmod') {
      return compareRmmod(step, system.rmmod(step.name, { flags: step.flags }));
    }
    const { module, args = '', flags = 0, syscall = 'finit_module' } = step;
    // What the distribution's own code answers on a machine without its hardware is taken from the recording.
    const initResult = step.initResult ?? (isStock(module) && step.loaded ? -(step.errno ?? 0) : 0);
    const result = system.insmod({ path: pathOf(module), bytes: this.bytes(module) }, args, {
      flags,
      syscall,
      initResult,
    });
    for (const { code } of result.findings) codes.add(code);
    return compareInsmod(step, result, system.modules);
  }

  private bytes(spec: ModuleSpec): Uint8Array {
    return applyRecipe(isStock(spec) ? this.stockFile(spec.stock) : this.fixtureFile(spec.fixture), spec);
  }

  private fixtureFile(name: string): Uint8Array {
    return remembered(this.fixtures, name, () => this.fixture(name));
  }

  /** Most of these are compressed, and unpacking takes a process. */
  private stockFile(name: string): Uint8Array {
    const { modulesDir, release } = this;
    if (modulesDir === null) throw new Error(`no modules of ${release} here`);
    return remembered(this.stock, name, () => readStockModule(modulesDir, name));
  }
}

/** A kernel that crashed was not told by its own checks: the simulator has to tell instead. */
function foreseen(codes: ReadonlySet<string>): Comparison {
  const agrees = codes.has(uncheckedField.id);
  return { field: 'crash', agrees, expected: `the finding ${uncheckedField.id}`, got: [...codes].join(' ') };
}

function remembered(known: Map<string, Uint8Array>, name: string, read: () => Uint8Array): Uint8Array {
  const bytes = known.get(name) ?? read();
  known.set(name, bytes);
  return bytes;
}

/** After a disagreement the engine may still hold a module that no longer is there: the next case starts without. */
function removeLeft(system: EngineSystem): void {
  for (const { name } of [...system.modules].reverse()) system.rmmod(name, { flags: O_NONBLOCK });
  for (const { name } of [...system.modules].reverse()) system.rmmod(name, { flags: O_NONBLOCK | O_TRUNC });
}

function pathOf(spec: ModuleSpec): string {
  return isStock(spec) ? path.basename(spec.stock) : `${spec.fixture}.ko`;
}

/**
 * Replays all boots of a recording against the engine's picture of that kernel.
 *
 * @param modulesDir the modules of exactly that kernel, or null
 */
export function replayRecording(
  release: string,
  target: EngineTarget,
  boots: readonly RecordedBoot[],
  modulesDir = findModulesDir(release),
  fixture = fixturesIn(fixturesDir(release)),
): ReplayReport {
  return new Replayer(release, target, modulesDir, fixture).replay(boots);
}

/** What could not be compared, in a few lines. */
export function formatNotes({ release, notRun, crashes }: ReplayReport): string {
  const lines: string[] = [];
  if (notRun.length > 0)
    lines.push(
      `${release}: ${notRun.length} cases not run: the modules of that kernel are not here (npm run test:kernel -- --target fetches them)`,
    );
  if (crashes.length > 0) lines.push(`${release}: the kernel itself crashed in ${crashes.length} cases`);
  return lines.join('\n');
}

/** All kernels in one table: for each field the agreeing cases of those compared, for bytes the modules. */
export function formatTable(reports: readonly ReplayReport[], memory: ReadonlyMap<string, Tally> = new Map()): string {
  const header = ['kernel', 'cases', ...FIELDS, 'bytes'];
  const shown = (tally: Tally | undefined): string => (tally ? `${tally.agreeing}/${tally.total}` : '-');
  const rows = reports.map(({ release, cases, fields }) => [
    release,
    String(cases),
    ...FIELDS.map(field => shown(fields[field])),
    shown(memory.get(release)),
  ]);
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map(row => row[column]?.length ?? 0)));
  return [header, ...rows].map(row => row.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  ')).join('\n');
}

/** One disagreement as text: where, what, and both answers. */
export function formatDisagreement({ boot, id, step, field, expected, got }: Disagreement): string {
  const indent = (text: string): string => text.replaceAll('\n', '\n      ');
  return `${boot} ${id} step ${step}: ${field}\n    kernel: ${indent(expected)}\n    engine: ${indent(got)}`;
}
