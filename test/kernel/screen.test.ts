// A screen lets nothing pass that the loader refuses or warns of: every file of every recorded case, mutants above all.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { test } from 'node:test';
import { SymbolNames } from '../../src/formats/ko/symbolNames';
import { ColumnBuilder } from '../../src/graph/tree/columns';
import { linkTree } from '../../src/graph/tree/linkTree';
import { Screen } from '../../src/graph/tree/screen';
import { screenedKernel } from '../../src/graph/tree/screenedKernel';
import { System } from '../../src/index';
import { verifyPkcs7 } from '../../src/host/node/lazyPkcs7';
import { readSnapshot } from '../../src/host/node/targets';
import { loadRecordedTarget, TARGET_FILE } from './lib/engine';
import { casesFile, recordedDir, recordedReleases } from './lib/paths';
import { readRecording } from './lib/recording';
import { replayRecording } from './replay';

for (const release of recordedReleases()) {
  const facts = readSnapshot(path.join(recordedDir(release), TARGET_FILE));
  const kernel = screenedKernel(facts);
  if (!kernel) {
    void test(`kernel ${release} is not screened: the loader is asked about every module`, () => {
      assert.equal(kernel, null);
    });
    continue;
  }
  void test(`what a screen lets pass, the loader of ${release} takes without a word`, () => {
    const names = new SymbolNames();
    const screen = new Screen(kernel, names, verifyPkcs7, { relocations: true });
    const seen = new Set<string>();
    const wrong: string[] = [];
    let passed = 0;
    const target = loadRecordedTarget(release, (system, file, args, options) => {
      const digest = createHash('sha1').update(file.bytes).digest('base64');
      const found = seen.has(digest) ? null : screen.examine(file.bytes);
      seen.add(digest);
      if (found) {
        const builder = new ColumnBuilder(names);
        builder.add(0, found, true);
        const { passes } = linkTree([builder.columns(screen.reasons)], 1, kernel.features);
        if (passes[0] === 1) {
          passed++;
          const result = new System(facts).insmod(file);
          const said = result.findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
          if (result.errno !== 0 || said.length > 0 || result.module.name !== found.name)
            wrong.push(`${file.path}: ${result.errnoName ?? ''} ${said.map(({ message }) => message).join('; ')}`);
        }
      }
      return system.insmod(file, args, options);
    });
    assert.ok(target);
    replayRecording(release, target, readRecording(casesFile(release)));
    assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} of ${passed} that passed`);
    // Both answers have to come up for this to say anything.
    assert.ok(passed > 50 && passed < seen.size / 2, `${passed} of ${seen.size} files passed`);
  });
}
