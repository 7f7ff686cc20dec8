// npm run test:kernel -- KEY...: fetches, builds, boots, records.
import { mkdirSync, writeFileSync } from 'node:fs';
import { allBoots } from '../cases';
import { makeKit, type Kit } from '../cases/kit';
import { buildFixtures } from './build';
import { ARCH_KERNELS } from '../arch/kernels';
import { recordArchKernel } from '../arch/record';
import { RUNGS } from '../rungs/kernels';
import { judgeRung, recordRung } from '../rungs/record';
import { freshBoots, printJudgement } from './judge';
import { KERNELS, labKernel, type LabKernel } from './kernels';
import { memoryCases } from '../memory/plan';
import { recordMemory } from '../memory/record';
import { installMissing } from './machine';
import { fetchKernel } from './packages';
import { casesFile, fixturesDir, recordedDir } from './paths';
import { buildProbe, recordPlan, type BootPlan } from './record';
import { recordTarget } from './recordTarget';
import { recordedFacts, targetOf } from './engine';
import { replayRecording } from '../replay';
import { readRecording, replaceBoot, writeRecording, type RecordedBoot } from './recording';
import { progress } from './shell';

const USAGE = `usage: npm run test:kernel -- [--keep-fixtures] [--only=PREFIX] [KEY ...]
  --keep-fixtures  record with the fixture modules that are there
  --only=PREFIX    run the cases whose names begin so, print the answers, and record nothing
  --boots=NAME,... record only these boots anew, and leave the others as they are
  --memory         read modules back from kernel memory, and run no case
  --target         take the facts of the kernel for the replay, and run nothing
  --seed=N         draw other cases than those that are recorded, hold the engine against the answers, and record nothing
KEY is one of`;

interface Options {
  readonly keepFixtures: boolean;
  readonly only: string | null;
  readonly targetOnly: boolean;
  readonly memoryOnly: boolean;
  /** Names of boots to record anew; null for all. */
  readonly boots: readonly string[] | null;
}

/** The boots to run: all, or those with cases whose names begin with `only`. */
function chosenBoots(kit: Kit, only: string | null): BootPlan[] {
  const boots = allBoots(kit);
  if (only === null) return boots;
  const chosen = boots.map(boot => ({ ...boot, cases: boot.cases.filter(c => c.id.startsWith(only)) }));
  return chosen.filter(boot => boot.cases.length > 0);
}

/** Asks a kernel that is recorded what nobody asked it before. Whether the engine agrees in everything. */
async function judge(key: string, seed: number): Promise<boolean> {
  fetchKernel(key);
  const kernel = labKernel(key);
  const facts = await recordedFacts(kernel.release);
  if (facts === null) throw new Error(`${kernel.release} is not recorded: npm run test:kernel -- ${key}`);
  const kit = (n: number): Kit => makeKit(key, fixturesDir(kernel.release), kernel.modules, n);
  const probe = buildProbe();
  const boots = await runPlans(kernel, probe, freshBoots(kit(0), kit(seed)));
  return printJudgement(replayRecording(kernel.release, targetOf(facts), boots));
}

/** Runs the cases on one kernel and records the answers. */
async function recordKernel(key: string, options: Options): Promise<void> {
  const { keepFixtures, only, targetOnly, memoryOnly, boots: names } = options;
  fetchKernel(key);
  const kernel = labKernel(key);
  const whole = only === null && names === null;
  if (whole && !memoryOnly) await recordTarget(kernel);
  if (targetOnly) return;
  if (!keepFixtures) buildFixtures(kernel);
  const kit = makeKit(key, fixturesDir(kernel.release), kernel.modules);
  const probe = buildProbe();
  if (whole) await recordMemory(kernel, probe, memoryCases(kit));
  if (memoryOnly) return;
  if (only !== null) {
    console.log(writeRecording(await runPlans(kernel, probe, chosenBoots(kit, only))));
    return;
  }
  mkdirSync(recordedDir(kernel.release), { recursive: true });
  const file = casesFile(kernel.release);
  const boots = names === null ? await runPlans(kernel, probe, allBoots(kit)) : readRecording(file);
  for (const plan of allBoots(kit).filter(({ boot }) => names?.includes(boot)))
    replaceBoot(boots, plan.boot, await recordPlan(kernel, probe, plan));
  writeFileSync(file, writeRecording(boots));
  const count = boots.reduce((sum, boot) => sum + boot.cases.length, 0);
  progress(`${key}: ${count} cases in ${boots.length} boots recorded`);
}

async function runPlans(kernel: LabKernel, probe: Uint8Array, plans: readonly BootPlan[]): Promise<RecordedBoot[]> {
  const boots: RecordedBoot[] = [];
  for (const plan of plans) boots.push(...(await recordPlan(kernel, probe, plan)));
  return boots;
}

function valueOf(args: readonly string[], option: string): string | null {
  const start = `--${option}=`;
  return args.find(argument => argument.startsWith(start))?.slice(start.length) ?? null;
}

async function main(args: readonly string[]): Promise<void> {
  const known = KERNELS.map(k => k.key);
  const others = ARCH_KERNELS.map(k => k.key);
  const rungs = RUNGS.map(k => k.key);
  const keys = args.filter(argument => !argument.startsWith('--'));
  if (keys.some(key => ![...known, ...rungs, ...others].includes(key)) || args.includes('--help')) {
    progress(`${USAGE} ${[...known, ...rungs, ...others].join(' ')}`);
    process.exitCode = 2;
    return;
  }
  const only = valueOf(args, 'only');
  const memoryOnly = args.includes('--memory');
  const targetOnly = args.includes('--target');
  const seed = Number(valueOf(args, 'seed') ?? 0);
  const boots = valueOf(args, 'boots')?.split(',') ?? null;
  const options = {
    keepFixtures: args.includes('--keep-fixtures') || only !== null || memoryOnly || boots !== null,
    only,
    targetOnly,
    memoryOnly,
    boots,
  };
  installMissing();
  for (const key of keys.length > 0 ? keys : known) {
    if (others.includes(key)) await recordArchKernel(key, options);
    else if (seed === 0) await (rungs.includes(key) ? recordRung : recordKernel)(key, options);
    else if (!(await (rungs.includes(key) ? judgeRung : judge)(key, seed))) process.exitCode = 1;
  }
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  progress(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
