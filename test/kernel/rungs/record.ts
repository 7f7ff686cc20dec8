// npm run test:kernel -- 6.16: fetches, boots and records a kernel between 6.12 and 7.3; its image tells all that is known of it.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { readTarget } from '../../../src/host/node/targets';
import { parseSymvers } from '../../../src/target/symvers';
import type { KernelFacts } from '../../../src/target/types';
import { writeSnapshot } from '../../support/snapshotFile';
import { TARGET_FILE, targetOf } from '../lib/engine';
import { freshBoots, printJudgement } from '../lib/judge';
import { KoFile } from '../lib/koFile';
import { fetchImage } from '../lib/packages';
import { fixturesDir } from '../lib/paths';
import { fixturesIn } from '../lib/recipe';
import { buildProbe, recordPlan, type BootPlan } from '../lib/record';
import { writeRecording, type RecordedBoot } from '../lib/recording';
import { progress } from '../lib/shell';
import { replayRecording } from '../replay';
import { rungBoots } from './cases';
import { rungFixtures, rungKit } from './fixtures';
import { rungCasesFile, rungChoice, rungKernel, rungRecordedRoot } from './kernels';

export interface RungOptions {
  /** Runs cases whose names begin so, prints the answers and records nothing. */
  readonly only: string | null;
  /** Takes the facts of the kernel for the replay, and runs nothing. */
  readonly targetOnly: boolean;
}

export async function recordRung(key: string, { only, targetOnly }: RungOptions): Promise<void> {
  const choice = rungChoice(key);
  fetchImage(choice);
  const kernel = rungKernel(key);
  const facts = await readTarget(kernel.vmlinuz);
  const all = rungBoots(rungKit(facts));
  const plans = all.map(plan => ({
    ...plan,
    cases: plan.cases.filter(({ id }) => only === null || id.startsWith(only)),
  }));
  const boots: RecordedBoot[] = [];
  const probe = buildProbe();
  for (const plan of targetOnly ? [] : plans)
    boots.push(...(await recordPlan(kernel, probe, plan, rungFixtures(facts))));
  if (only !== null) {
    console.log(writeRecording(boots));
    return;
  }
  mkdirSync(path.join(rungRecordedRoot(), kernel.release), { recursive: true });
  writeSnapshot(path.join(rungRecordedRoot(), kernel.release, TARGET_FILE), fewExports(facts, choice.base, all));
  if (targetOnly) return;
  writeFileSync(rungCasesFile(kernel.release), brotliCompressSync(Buffer.from(writeRecording(boots))));
  progress(`${key}: ${boots.reduce((sum, { cases }) => sum + cases.length, 0)} cases recorded`);
}

/** Asks a kernel what other seeds draw. Whether the engine agrees in everything. */
export async function judgeRung(key: string, seed: number): Promise<boolean> {
  fetchImage(rungChoice(key));
  const kernel = rungKernel(key);
  const facts = await readTarget(kernel.vmlinuz);
  const [fixtures, probe] = [rungFixtures(facts), buildProbe()];
  const boots: RecordedBoot[] = [];
  for (const plan of freshBoots(rungKit(facts), rungKit(facts, seed)))
    boots.push(...(await recordPlan(kernel, probe, plan, fixtures)));
  return printJudgement(replayRecording(kernel.release, targetOf(facts), boots, null, fixtures));
}

/** Of the exports, those that some fixture names, or a patch of a case. */
function fewExports(facts: KernelFacts, base: string, plans: readonly BootPlan[]): KernelFacts {
  const dir = fixturesDir(base);
  // Of every module the version of struct module is compared.
  const names = new Set(['module_layout']);
  for (const file of readdirSync(dir)) {
    const fixture = path.basename(file, '.ko');
    const ko = new KoFile(fixture, fixturesIn(dir)(fixture));
    for (const { name } of [...ko.symbols, ...ko.versions]) names.add(name);
  }
  for (const step of plans.flatMap(({ cases }) => cases.flatMap(({ steps }) => steps)))
    if (step.op === 'insmod')
      for (const [, hex] of step.module.patches ?? [])
        for (const word of Buffer.from(hex, 'hex').toString('latin1').split('\0')) names.add(word);
  const { exports } = facts;
  const rows = Array.from({ length: exports.size }, (_, i) => exports.row(i)).filter(({ name }) => names.has(name));
  const lines = rows.map(({ crc, name, owner, type, namespace }) =>
    [`0x${crc.toString(16).padStart(8, '0')}`, name, owner, type, namespace ?? ''].join('\t'),
  );
  return { ...facts, exports: parseSymvers(Buffer.from(`${lines.join('\n')}\n`, 'latin1')) };
}
