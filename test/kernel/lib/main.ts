// npm run test:kernel -- [--only PREFIX] KEY...: fetches, builds, boots, records.
import { mkdirSync, writeFileSync } from 'node:fs';
import { allBoots } from '../cases';
import { makeKit } from '../cases/kit';
import { buildFixtures } from './build';
import { KERNELS, labKernel } from './kernels';
import { installMissing } from './machine';
import { fetchKernel } from './packages';
import { casesFile, fixturesDir, recordedDir } from './paths';
import { buildProbe, recordPlan } from './record';
import { writeRecording, type RecordedBoot } from './recording';
import { progress } from './shell';

const USAGE = 'usage: npm run test:kernel -- [--keep-fixtures] [KEY ...]   with KEY one of';

/** Records every case on one kernel. */
async function recordKernel(key: string, keepFixtures: boolean): Promise<void> {
  fetchKernel(key);
  const kernel = labKernel(key);
  if (!keepFixtures) buildFixtures(kernel);
  const kit = makeKit(key, fixturesDir(kernel.release), kernel.modules);
  const probe = buildProbe();
  const boots: RecordedBoot[] = [];
  for (const plan of allBoots(kit)) boots.push(...(await recordPlan(kernel, probe, plan)));
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
  installMissing();
  for (const key of keys.length > 0 ? keys : known) await recordKernel(key, args.includes('--keep-fixtures'));
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  progress(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
