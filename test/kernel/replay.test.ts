// The engine against every recorded kernel.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRecordedTarget } from './lib/engine';
import { ensureKernel } from './lib/ensureKernel';
import { casesFile } from './lib/paths';
import { readRecording } from './lib/recording';
import { formatDisagreement, formatReport, knownDifferences, recordedReleases, replayRecording } from './replay';

const SHOWN = 40;

// One kernel's own modules are fetched where that is possible, so that its stock cases run as well.
const missing = ensureKernel('6.1');
if (missing !== null) console.log(missing);

for (const release of recordedReleases()) {
  void test(`the engine answers as kernel ${release} did`, t => {
    const target = loadRecordedTarget(release);
    if (target === null) {
      t.skip(`no facts of ${release} recorded for the engine`);
      return;
    }
    const report = replayRecording(release, target, readRecording(casesFile(release)));
    console.log(formatReport(report));
    const known = knownDifferences(release);
    for (const [id, reason] of known) console.log(`  known difference ${id}: ${reason}`);
    const wrong = report.disagreements.filter(d => !known.has(d.id));
    for (const disagreement of wrong.slice(0, SHOWN)) console.log(formatDisagreement(disagreement));
    const outdated = [...known.keys()].filter(
      id => !report.notRun.includes(id) && !report.disagreements.some(d => d.id === id),
    );
    assert.equal(wrong.length, 0, `${wrong.length} disagreements with ${release}`);
    assert.deepEqual(outdated, [], 'known differences that agree by now');
  });
}
