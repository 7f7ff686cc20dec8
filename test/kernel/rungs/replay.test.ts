// The engine against the recorded kernels between 6.12 and 7.3, by what their images say.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readSnapshot } from '../../../src/host/node/targets';
import { assertAgreement } from '../lib/agreement';
import { targetOf, TARGET_FILE, withBtfOf } from '../lib/engine';
import { labRelease } from '../lib/kernels';
import { readRecording } from '../lib/recording';
import { formatTable, replayRecording } from '../replay';
import { rungBoots } from './cases';
import { rungFixtures, rungKit } from './fixtures';
import { rungCasesFile, rungKernel, rungOfRelease, rungRecordedRoot, rungReleases } from './kernels';

const LEAST_CASES = 300;
/** A recording larger than this is no longer read by anybody. */
const MOST_BYTES = 0.1e6;

for (const release of rungReleases()) {
  const stored = readSnapshot(path.join(rungRecordedRoot(), release, TARGET_FILE));
  const recorded = readRecording(rungCasesFile(release));

  void test(`the engine answers as kernel ${release} did`, async () => {
    const { key } = rungOfRelease(release);
    // Types are checked against the BTF of the image, which no recording has room for.
    const facts = labRelease(key) === release ? await withBtfOf(stored, rungKernel(key).vmlinuz) : stored;
    const report = replayRecording(release, targetOf(facts), recorded, null, rungFixtures(facts));
    console.log(formatTable([report]));
    assert.deepEqual(report.notRun, []);
    assertAgreement(report, facts);
  });

  void test(`${release}: the recording is small, and its cases are those the generators make now`, () => {
    assert.ok(statSync(rungCasesFile(release)).size <= MOST_BYTES);
    const ids = recorded.flatMap(boot => boot.cases.map(({ id }) => id));
    assert.ok(ids.length >= LEAST_CASES);
    assert.deepEqual(
      ids,
      rungBoots(rungKit(stored)).flatMap(boot => boot.cases.map(({ id }) => id)),
    );
  });
}
