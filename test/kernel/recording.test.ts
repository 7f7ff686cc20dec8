// The recordings themselves: complete, readable, and free of the machine they were made on.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { casesFile, fixturesDir } from './lib/paths';
import { isStock } from './lib/recipe';
import { readRecording } from './lib/recording';
import { recordedReleases } from './replay';

const LEAST_CASES = 300;
const ABSOLUTE_PATH = /\/(?:home|root|tmp|build|usr|var|work|mnt|opt)\/[^\0]*/;

for (const release of recordedReleases()) {
  const boots = readRecording(casesFile(release));
  const cases = boots.flatMap(boot => boot.cases);

  void test(`${release}: at least ${LEAST_CASES} cases, each with a name of its own`, () => {
    assert.ok(cases.length >= LEAST_CASES);
    assert.equal(new Set(cases.map(c => c.id)).size, cases.length);
  });

  void test(`${release}: recipes stay within their fixtures`, () => {
    for (const { id, steps } of cases) {
      for (const step of steps) {
        if (step.op !== 'insmod' || isStock(step.module)) continue;
        const { size } = statSync(path.join(fixturesDir(release), `${step.module.fixture}.ko`));
        for (const [at, hex] of step.module.patches ?? []) assert.ok(at + hex.length / 2 <= size, id);
      }
    }
  });

  void test(`${release}: fixtures hold no path of the machine that built them`, () => {
    for (const name of readdirSync(fixturesDir(release))) {
      const found = ABSOLUTE_PATH.exec(readFileSync(path.join(fixturesDir(release), name), 'latin1'));
      assert.equal(found?.[0], undefined, name);
    }
  });
}
