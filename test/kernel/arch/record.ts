// npm run test:kernel -- ARCH-SERIES: fetches, builds, boots and records a kernel of another architecture.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { readTarget } from '../../../src/host/node/targets';
import { parseSymvers } from '../../../src/target/symvers';
import { writeSnapshot } from '../../support/snapshotFile';
import { TARGET_FILE } from '../lib/engine';
import { casesFile, fixturesDir, recordedDir } from '../lib/paths';
import { applyRecipe, isStock, readFixtureModule } from '../lib/recipe';
import { buildProbe, recordPlan, type BootPlan } from '../lib/record';
import { readRecording, replaceBoot, writeRecording, type RecordedBoot } from '../lib/recording';
import { progress } from '../lib/shell';
import { readStockModule } from '../lib/stock';
import { installMissing } from '../lib/machine';
import { ArchKo } from './archKo';
import { buildArchFixtures } from './build';
import { ArchKit, archBoots } from './cases';
import { fetchArchKernel } from './fetch';
import { archLabKernel, type ArchLabKernel } from './kernels';
import { recordArchMemory } from './memory';
import { stockCases } from './stock';

export interface ArchOptions {
  readonly keepFixtures: boolean;
  /** Runs cases whose names begin so, prints the answers and records nothing. */
  readonly only: string | null;
  /** Names of boots to record anew; null for all. */
  readonly boots: readonly string[] | null;
  /** Reads modules back from kernel memory, and runs no case. */
  readonly memoryOnly: boolean;
  /** Takes the facts of the kernel for the replay, and runs nothing. */
  readonly targetOnly: boolean;
}

/** Runs the cases on one kernel and records the answers. */
export async function recordArchKernel(
  key: string,
  { keepFixtures, only, boots: names, memoryOnly, targetOnly }: ArchOptions,
): Promise<void> {
  fetchArchKernel(key);
  const kernel = archLabKernel(key);
  installMissing([kernel.machine?.program ?? '', `${kernel.choice.cross}gcc-12`]);
  if (memoryOnly) return recordArchMemory(kernel, buildProbe(`${kernel.choice.cross}gcc-12`));
  if (!keepFixtures && !targetOnly && only === null) buildArchFixtures(kernel);
  const kit = new ArchKit(kernel.choice.arch, fixturesDir(kernel.release));
  // Modules that were built here are other bytes wherever they are built.
  const stock = kernel.choice.options === undefined ? stockCases(kernel.modules) : [];
  const plans = archBoots(kit, stock).map(plan => ({
    ...plan,
    cases: plan.cases.filter(({ id }) => only === null || id.startsWith(only)),
  }));
  if (targetOnly) return recordFacts(kernel, plans);
  const probe = buildProbe(`${kernel.choice.cross}gcc-12`);
  const boots: RecordedBoot[] = [];
  if (names !== null) boots.push(...readRecording(casesFile(kernel.release)));
  for (const plan of plans.filter(({ boot }) => names?.includes(boot) ?? true))
    replaceBoot(boots, plan.boot, await recordPlan(kernel, probe, plan));
  if (only !== null) {
    console.log(writeRecording(boots));
    return;
  }
  mkdirSync(recordedDir(kernel.release), { recursive: true });
  writeFileSync(casesFile(kernel.release), brotliCompressSync(Buffer.from(writeRecording(boots))));
  await recordFacts(kernel, plans);
  progress(`${key}: ${boots.reduce((sum, { cases }) => sum + cases.length, 0)} cases recorded`);
}

/** The facts of the kernel, with those of its exports that some recorded module names. */
async function recordFacts(kernel: ArchLabKernel, plans: readonly BootPlan[]): Promise<void> {
  const facts = await readTarget(kernel.headers, { modules: kernel.modules });
  const named = namesOf(kernel, plans);
  const lines = readFileSync(path.join(kernel.headers, 'Module.symvers'), 'latin1').split('\n');
  const kept = lines.filter(line => named.has(line.split('\t')[1] ?? ''));
  const exports = parseSymvers(Buffer.from(`${kept.join('\n')}\n`, 'latin1'));
  writeSnapshot(path.join(recordedDir(kernel.release), TARGET_FILE), { ...facts, exports });
}

/** Names of all symbols of the modules that are loaded. */
function namesOf(kernel: ArchLabKernel, plans: readonly BootPlan[]): Set<string> {
  const files = new Map<string, () => Uint8Array>();
  for (const { steps } of plans.flatMap(plan => plan.cases))
    for (const step of steps) {
      if (step.op !== 'insmod') continue;
      const spec = step.module;
      if (isStock(spec)) files.set(spec.stock, () => applyRecipe(readStockModule(kernel.modules, spec.stock), {}));
      else files.set(spec.fixture, () => readFixtureModule(fixturesDir(kernel.release), { fixture: spec.fixture }));
    }
  // Of every module the version of struct module is compared.
  const names = new Set<string>(['module_layout']);
  for (const [name, read] of files) {
    const ko = new ArchKo(name, read());
    for (const symbol of ko.symbolNames) names.add(symbol);
  }
  return names;
}
