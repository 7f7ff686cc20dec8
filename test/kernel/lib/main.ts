// npm run test:kernel -- KEY...: fetches, builds, boots, records.
import { mkdirSync, writeFileSync } from 'node:fs';
import { allBoots } from '../cases';
import { makeKit, type Kit } from '../cases/kit';
import { buildFixtures } from './build';
import { KERNELS, labKernel } from './kernels';
import { memoryCases } from '../memory/plan';
import { recordMemory } from '../memory/record';
import { installMissing } from './machine';
import { fetchKernel } from './packages';
import { casesFile, fixturesDir, recordedDir } from './paths';
import { buildProbe, recordPlan, type BootPlan } from './record';
import { recordTarget } from './recordTarget';
import { loadRecordedTarget } from './engine';
import { formatDisagreement, formatNotes, formatTable, replayRecording } from '../replay';
import { writeRecording, type RecordedBoot } from './recording';
import { progress } from './shell';

const USAGE = `usage: npm run test:kernel -- [--keep-fixtures] [--only=PREFIX] [KEY ...]
  --keep-fixtures  record with the fixture modules that are there
  --only=PREFIX    run the cases whose names begin so, print the answers, and record nothing
  --memory         read modules back from kernel memory, and run no case
  --target         take the facts of the kernel for the replay, and run nothing
  --seed=N         draw other cases than those that are recorded, hold the engine against the answers, and record nothing
KEY is one of`;

interface Options {
  readonly keepFixtures: boolean;
  readonly only: string | null;
  readonly targetOnly: boolean;
  readonly memoryOnly: boolean;
}

/** The boots to run: all, or those with cases whose names begin with `only`. */
function chosenBoots(kit: Kit, only: string | null): BootPlan[] {
  const boots = allBoots(kit);
  if (only === null) return boots;
  const chosen = boots.map(boot => ({ ...boot, cases: boot.cases.filter(c => c.id.startsWith(only)) }));
  return chosen.filter(boot => boot.cases.length > 0);
}

/** Cases that only another seed draws. */
function freshBoots(recorded: Kit, drawn: Kit): BootPlan[] {
  const question = ({ steps }: BootPlan['cases'][number]): string => JSON.stringify(steps);
  const known = new Set(allBoots(recorded).flatMap(boot => boot.cases.map(question)));
  const fresh = allBoots(drawn).map(boot => ({ ...boot, cases: boot.cases.filter(c => !known.has(question(c))) }));
  return fresh.filter(boot => boot.cases.length > 0);
}

/** Asks a kernel that is recorded what nobody asked it before. Whether the engine agrees in everything. */
async function judge(key: string, seed: number): Promise<boolean> {
  fetchKernel(key);
  const kernel = labKernel(key);
  const target = loadRecordedTarget(kernel.release);
  if (target === null) throw new Error(`${kernel.release} is not recorded: npm run test:kernel -- ${key}`);
  const kit = (n: number): Kit => makeKit(key, fixturesDir(kernel.release), kernel.modules, n);
  const probe = buildProbe();
  const boots: RecordedBoot[] = [];
  for (const plan of freshBoots(kit(0), kit(seed))) boots.push(...(await recordPlan(kernel, probe, plan)));
  const report = replayRecording(kernel.release, target, boots);
  for (const disagreement of report.disagreements) console.log(formatDisagreement(disagreement));
  console.log(`${formatNotes(report)}\n${formatTable([report])}`);
  return report.disagreements.length === 0;
}

/** Runs the cases on one kernel and records the answers. */
async function recordKernel(key: string, { keepFixtures, only, targetOnly, memoryOnly }: Options): Promise<void> {
  fetchKernel(key);
  const kernel = labKernel(key);
  if (only === null && !memoryOnly) await recordTarget(kernel);
  if (targetOnly) return;
  if (!keepFixtures) buildFixtures(kernel);
  const kit = makeKit(key, fixturesDir(kernel.release), kernel.modules);
  const probe = buildProbe();
  if (only === null) await recordMemory(kernel, probe, memoryCases(kit));
  if (memoryOnly) return;
  const boots: RecordedBoot[] = [];
  for (const plan of chosenBoots(kit, only)) boots.push(...(await recordPlan(kernel, probe, plan)));
  if (only !== null) {
    console.log(writeRecording(boots));
    return;
  }
  mkdirSync(recordedDir(kernel.release), { recursive: true });
  writeFileSync(casesFile(kernel.release), writeRecording(boots));
  const count = boots.reduce((sum, boot) => sum + boot.cases.length, 0);
  progress(`${key}: ${count} cases in ${boots.length} boots recorded`);
}

async function main(args: readonly string[]): Promise<void> {
  const known = KERNELS.map(k => k.key);
  const keys = args.filter(argument => !argument.startsWith('--'));
  if (keys.some(key => !known.includes(key)) || args.includes('--help')) {
    progress(`${USAGE} ${known.join(' ')}`);
    process.exitCode = 2;
    return;
  }
  const only = args.find(argument => argument.startsWith('--only='))?.slice('--only='.length) ?? null;
  const memoryOnly = args.includes('--memory');
  const targetOnly = args.includes('--target');
  const seed = Number(args.find(argument => argument.startsWith('--seed='))?.slice('--seed='.length) ?? 0);
  const options = {
    keepFixtures: args.includes('--keep-fixtures') || only !== null || memoryOnly,
    only,
    targetOnly,
    memoryOnly,
  };
  installMissing();
  for (const key of keys.length > 0 ? keys : known) {
    if (seed === 0) await recordKernel(key, options);
    else if (!(await judge(key, seed))) process.exitCode = 1;
  }
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  progress(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
