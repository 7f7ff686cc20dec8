// What check answers without loading a module with all it needs is what the loader answers: for every file of every
// recorded case, mutants above all, on every kernel.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { test } from 'node:test';
import { readSnapshot } from '../../src/host/node/targets';
import { ExaminedKernel } from '../support/examined';
import { loadRecordedTarget, TARGET_FILE } from './lib/engine';
import { casesFile, recordedDir, recordedReleases } from './lib/paths';
import { readRecording } from './lib/recording';
import { replayRecording } from './replay';

for (const release of recordedReleases()) {
  void test(`a module tried by itself gets the answer of the loader of ${release}`, () => {
    const kernel = new ExaminedKernel(readSnapshot(path.join(recordedDir(release), TARGET_FILE)));
    const seen = new Set<string>();
    const wrong: string[] = [];
    const counts = { open: 0, passes: 0, answered: 0 };
    const target = loadRecordedTarget(release, (system, file, args, options) => {
      const digest = createHash('sha1').update(file.bytes).digest('base64');
      if (!seen.has(digest)) {
        const agreement = kernel.compare(file.path, file.bytes);
        if (typeof agreement === 'string') counts[agreement]++;
        else wrong.push(agreement.wrong);
      }
      seen.add(digest);
      return system.insmod(file, args, options);
    });
    assert.ok(target);
    replayRecording(release, target, readRecording(casesFile(release)));
    assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} of ${seen.size}`);
    // All three have to come up for this to say anything.
    assert.ok(counts.passes > 50 && counts.answered > 50 && counts.open > 0, JSON.stringify(counts));
  });
}
