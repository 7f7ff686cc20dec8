// Runs cases on a real kernel and turns what the probe wrote into a recording.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cpioArchive, cpioDirectory, type CpioFile } from '../../../src/host/node/boot/cpio';
import type { LabKernel } from './kernels';
import { fixturesDir, kernelTestDir, labDir } from './paths';
import { parseProbe, type ProbeCase } from './probeOutput';
import { runMachine } from './qemu';
import { applyRecipe, fixturesIn, isStock, type ModuleSpec, type ReadFixture } from './recipe';
import type { Answer, Case, ModuleDump, RecordedBoot, RecordedCase, RecordedStep, Step } from './recording';
import { progress, run } from './shell';
import { readStockModule } from './stock';

/** A machine to boot: kernel parameters, and the cases to run on it in order. */
export interface BootPlan {
  readonly boot: string;
  readonly cmdline: string;
  readonly cases: readonly Case[];
}

/** What booting a kernel takes. */
export type BootedKernel = Pick<LabKernel, 'key' | 'release' | 'vmlinuz' | 'modules' | 'machine'>;

export const EXECUTABLE = 0o100755;

/** Compiles the test machine's only program. */
export function buildProbe(compiler = 'gcc-12'): Uint8Array {
  const binary = path.join(labDir(), 'probe');
  mkdirSync(labDir(), { recursive: true });
  run(compiler, ['-O1', '-static', '-o', binary, path.join(kernelTestDir(), 'lib', 'probe.c')]);
  return readFileSync(binary);
}

/** The words of /cases are separated by tabs and percent-encoded; see probe.c. */
export function word(text: string): string {
  return Buffer.from(text, 'latin1')
    .toString('latin1')
    .replace(/[^A-Za-z0-9/._=,-]/g, c => {
      return `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`;
    });
}

/** Collects the modules of a boot's cases, each different one once. */
export class ModuleFiles {
  readonly files: CpioFile[] = [cpioDirectory('m')];
  private readonly names = new Map<string, string>();

  constructor(
    private readonly modules: string,
    private readonly fixture: ReadFixture,
  ) {}

  fileFor(spec: ModuleSpec): string {
    const key = JSON.stringify(spec);
    let name = this.names.get(key);
    if (name === undefined) {
      name = `m/${this.names.size}.ko`;
      this.names.set(key, name);
      this.files.push({ name, bytes: this.bytes(spec) });
    }
    return `/${name}`;
  }

  private bytes(spec: ModuleSpec): Uint8Array {
    if (isStock(spec)) return applyRecipe(readStockModule(this.modules, spec.stock), spec);
    return applyRecipe(this.fixture(spec.fixture), spec);
  }
}

export function stepLine(step: Step, modules: ModuleFiles): string {
  if (step.op === 'rmmod') return ['rmmod', word(step.name), String(step.flags)].join('\t');
  const file = modules.fileFor(step.module);
  return ['insmod', String(step.flags ?? 0), step.syscall ?? 'finit_module', file, word(step.args ?? '')].join('\t');
}

function makeInitrd(modules: ModuleFiles, probe: Uint8Array, cases: readonly Case[], file: string): void {
  const lines = cases.flatMap(({ id, steps }) => [
    `case\t${word(id)}`,
    ...steps.map(step => stepLine(step, modules)),
    'end',
  ]);
  const script = Buffer.from(lines.map(line => `${line}\n`).join(''), 'latin1');
  const init = { name: 'init', bytes: probe, mode: EXECUTABLE };
  writeFileSync(file, cpioArchive([init, { name: 'cases', bytes: script }, ...modules.files]));
}

/**
 * Leaves out the section addresses of modules whose dump repeats one already recorded in this boot: the same file
 * always has the same layout, and the addresses are most of a recording's size.
 */
class SlimDumps {
  private readonly seen = new Set<string>();
  private present = new Map<string, string>();

  newCase(): void {
    this.present = new Map();
  }

  slim(step: Step, answer: Answer): Answer {
    if (!answer.dumps || step.op !== 'insmod') return answer;
    const file = JSON.stringify(step.module);
    const dumps = Object.entries(answer.dumps).map(([name, dump]): [string, ModuleDump] => {
      const key = this.present.get(name) ?? file;
      this.present.set(name, key);
      const repeated = this.seen.has(key);
      this.seen.add(key);
      const { sections, ...rest } = dump;
      return [name, repeated ? rest : { ...rest, ...(sections ? { sections } : {}) }];
    });
    return { ...answer, dumps: Object.fromEntries(dumps) };
  }
}

/** Pairs what was asked with what was answered; the step that got no answer is the one that crashed. */
function recordCase(asked: Case, heard: ProbeCase, crashed: boolean, dumps: SlimDumps): RecordedCase {
  dumps.newCase();
  const steps: RecordedStep[] = asked.steps.slice(0, heard.answers.length).map((step, i) => {
    const answer = heard.answers[i];
    return answer === undefined ? step : { ...step, ...dumps.slim(step, answer.answer) };
  });
  const left = heard.answers.slice(asked.steps.length);
  for (const { removed, answer } of left) if (removed) steps.push({ ...removed, ...answer });
  const lost = asked.steps[heard.answers.length];
  if (crashed && lost) steps.push({ ...lost, crash: true });
  // It died while what the case left behind was being removed.
  if (crashed && !lost) steps.push({ op: 'rmmod', name: '', flags: 0x800, crash: true });
  return { id: asked.id, steps };
}

/** What the kernel said of its crash, in one line. */
function lastWords(console: string): string {
  return /(?:BUG: |general protection|Kernel panic|Oops: |invalid opcode).*/.exec(console)?.[0] ?? '';
}

/**
 * Runs a plan, starting the machine again after a case that crashed it or left a module behind.
 * Every start is a boot of its own in the recording: the kernel's memory of earlier cases is gone.
 */
export async function recordPlan(
  kernel: BootedKernel,
  probe: Uint8Array,
  plan: BootPlan,
  fixture = fixturesIn(fixturesDir(kernel.release)),
): Promise<RecordedBoot[]> {
  const dir = path.join(labDir(), 'run', kernel.key);
  mkdirSync(dir, { recursive: true });
  const boots: RecordedBoot[] = [];
  let rest = plan.cases;
  while (rest.length > 0) {
    const boot = boots.length === 0 ? plan.boot : `${plan.boot}+${boots.length}`;
    const initrd = path.join(dir, 'initrd');
    makeInitrd(new ModuleFiles(kernel.modules, fixture), probe, rest, initrd);
    const { output, console } = await runMachine(kernel.vmlinuz, initrd, plan.cmdline, dir, kernel.machine);
    const heard = parseProbe(output);
    if (heard.cases.length === 0) throw new Error(`${kernel.key} ${boot}: no answer\n${console.slice(-2000)}`);
    const crashed = heard.end === 'crash';
    const asked = rest.slice(0, heard.cases.length);
    const dumps = new SlimDumps();
    const cases = heard.cases.flatMap((h, i) => {
      const a = asked[i];
      return a ? [recordCase(a, h, crashed && i === heard.cases.length - 1, dumps)] : [];
    });
    boots.push({ boot, cmdline: plan.cmdline, cases });
    progress(`${kernel.key} ${boot}: ${cases.length} cases, ${heard.end}`);
    if (heard.end !== 'done') progress(`  in ${cases.at(-1)?.id ?? ''} ${lastWords(console)}`);
    rest = rest.slice(heard.cases.length);
  }
  return boots;
}
