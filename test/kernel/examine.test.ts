// What check answers without loading a module with all it needs is what the loader answers: for every file of every
// recorded case, mutants above all, on every kernel.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { ExaminedKernel } from '../support/examined';
import { recordedFacts, targetOf } from './lib/engine';
import { casesFile, recordedReleases } from './lib/paths';
import { readRecording } from './lib/recording';
import { replayRecording } from './replay';

for (const release of recordedReleases()) {
  void test(`a module tried by itself gets the answer of the loader of ${release}`, async () => {
    const facts = await recordedFacts(release);
    assert.ok(facts);
    const kernel = new ExaminedKernel(facts);
    const seen = new Set<string>();
    const wrong: string[] = [];
    const counts = { open: 0, passes: 0, answered: 0 };
    const target = targetOf(facts, (system, file, args, options) => {
      const digest = createHash('sha1').update(file.bytes).digest('base64');
      if (!seen.has(digest)) {
        const agreement = kernel.compare(file.path, file.bytes);
        if (typeof agreement === 'string') counts[agreement]++;
        else wrong.push(agreement.wrong);
      }
      seen.add(digest);
      return system.insmod(file, args, options);
    });
    replayRecording(release, target, readRecording(casesFile(release)));
    assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} of ${seen.size}`);
    // All three have to come up for this to say anything.
    assert.ok(counts.passes > 50 && counts.answered > 50 && counts.open > 0, JSON.stringify(counts));
  });
}
