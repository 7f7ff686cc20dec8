// The engine against every recorded kernel.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { readSnapshot } from '../../src/host/node/targets';
import { leftOut } from '../support/leftOut';
import { GENERATIONS } from '../support/recorded';
import { assertAgreement } from './lib/agreement';
import { recordedFacts, targetOf, TARGET_FILE } from './lib/engine';
import { ensureKernel } from './lib/ensureKernel';
import { casesFile, recordedDir, recordedReleases, repositoryRoot } from './lib/paths';
import { readRecording } from './lib/recording';
import { hasMemory, replayMemory } from './memory/replay';
import { formatNotes, formatTable, replayRecording, type ReplayReport, type Tally } from './replay';

// The kernels' own modules are fetched where that is possible, so that their stock cases run as well.
for (const generation of GENERATIONS) {
  const missing = ensureKernel(generation);
  if (missing !== null) console.log(missing);
}

const reports: ReplayReport[] = [];

for (const release of recordedReleases()) {
  void test(`the engine answers as kernel ${release} did`, async t => {
    const facts = await recordedFacts(release);
    if (facts === null) {
      t.skip(`no facts of ${release} recorded for the engine`);
      return;
    }
    const report = replayRecording(release, targetOf(facts), readRecording(casesFile(release)));
    reports.push(report);
    console.log(formatNotes(report));
    if (report.notRun.length > 0)
      leftOut(
        `${report.notRun.length} recorded cases of ${release}`,
        'they need the modules of exactly that kernel: install its linux-image package',
      );
    assertAgreement(report, facts);
  });
}

const memory = new Map<string, Tally>();

for (const release of recordedReleases().filter(hasMemory)) {
  void test(`modules become the same bytes as in the memory of ${release}`, () => {
    const report = replayMemory(release, readSnapshot(path.join(recordedDir(release), TARGET_FILE)));
    memory.set(release, report);
    console.log(`${release}: ${report.total} modules, ${report.sections} sections`);
    for (const { id, expected, got } of report.disagreements)
      console.log(`${id}: bytes\n    kernel: ${expected}\n    engine: ${got}`);
    assert.equal(report.disagreements.length, 0, `${report.disagreements.length} modules differ from ${release}`);
  });
}

// scripts/test.mjs shows it last, behind the lines of all other files.
after(() => {
  const file = path.join(repositoryRoot(), '.build', 'agreement.txt');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${formatTable(reports, memory)}\n`);
});
