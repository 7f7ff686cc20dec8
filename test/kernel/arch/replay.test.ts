// The engine against every recorded kernel of another architecture.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { leftOut } from '../../support/leftOut';
import { readSnapshot } from '../../../src/host/node/targets';
import { assertAgreement } from '../lib/agreement';
import { loadRecordedTarget, TARGET_FILE } from '../lib/engine';
import { archRecordedReleases, casesFile, fixturesDir, recordedDir } from '../lib/paths';
import { readRecording } from '../lib/recording';
import { formatNotes, formatTable, replayRecording } from '../replay';
import { archCases, ArchKit } from './cases';
import { archModulesDir, choiceOfRelease } from './kernels';
import { hasArchMemory, replayArchMemory } from './memory';

/** A recording larger than this is no longer read by anybody. */
const MOST_BYTES = 0.1e6;

for (const release of archRecordedReleases()) {
  void test(`the engine answers as kernel ${release} did`, () => {
    const target = loadRecordedTarget(release);
    assert.ok(target);
    const modules = archModulesDir(release);
    const report = replayRecording(release, target, readRecording(casesFile(release)), modules);
    console.log(formatNotes(report));
    console.log(formatTable([report]));
    if (report.notRun.length > 0)
      leftOut(
        `${report.notRun.length} recorded cases of ${release}`,
        `they need the modules of exactly that kernel: npm run test:kernel -- ${choiceOfRelease(release).key}`,
      );
    assertAgreement(report);
  });

  if (hasArchMemory(release))
    void test(`relocations make the same bytes as in the memory of ${release}`, () => {
      const facts = readSnapshot(path.join(recordedDir(release), TARGET_FILE));
      const { sections, disagreements } = replayArchMemory(release, facts);
      console.log(`${release}: ${sections} sections read from memory`);
      assert.ok(sections > 300);
      assert.deepEqual(disagreements, []);
    });

  void test(`${release}: the recording is small, and its cases are those the generators make now`, () => {
    assert.ok(statSync(casesFile(release)).size <= MOST_BYTES);
    const kit = new ArchKit(choiceOfRelease(release).arch, fixturesDir(release));
    const recorded = readRecording(casesFile(release)).flatMap(boot => boot.cases);
    const ids = recorded.map(({ id }) => id).filter(id => !id.startsWith('stock/'));
    assert.deepEqual(
      ids,
      archCases(kit).map(({ id }) => id),
    );
  });
}
