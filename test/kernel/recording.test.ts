// The recordings themselves: complete, readable, and free of the machine they were made on.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { allBoots } from './cases';
import { makeKit } from './cases/kit';
import { KERNELS } from './lib/kernels';
import { casesFile, fixturesDir, recordedReleases } from './lib/paths';
import { isStock } from './lib/recipe';
import type { Case, RecordedCase } from './lib/recording';
import { readRecording } from './lib/recording';

const LEAST_CASES = 2000;
/** Of the cases, those with a module that was patched, cut or extended. */
const LEAST_MUTANTS = 0.75;
/** A recording larger than this is no longer read by anybody. */
const MOST_BYTES = 1.7e6;
const ABSOLUTE_PATH = /\/(?:home|root|tmp|build|usr|var|work|mnt|opt)\/[^\0]*/;

/** What a case asks for, without the answers. */
function asked({ id, steps }: Case | RecordedCase): string {
  const questions = steps.map(step =>
    step.op === 'rmmod'
      ? [step.name, step.flags]
      : [step.module, step.args ?? '', step.flags ?? 0, step.syscall ?? '', step.initResult ?? 0],
  );
  return JSON.stringify([id, questions]);
}

/** Stock modules are not at hand everywhere: their cases cannot be generated again. */
function isOurs({ id }: Case | RecordedCase): boolean {
  return !id.startsWith('stock/');
}

function isMutant({ steps }: RecordedCase): boolean {
  return steps.some(
    step => step.op === 'insmod' && (step.module.patches ?? step.module.truncate ?? step.module.append) !== undefined,
  );
}

for (const release of recordedReleases()) {
  const boots = readRecording(casesFile(release));
  const cases = boots.flatMap(boot => boot.cases);

  void test(`${release}: at least ${LEAST_CASES} cases, each with a name of its own`, () => {
    assert.ok(cases.length >= LEAST_CASES);
    assert.ok(cases.filter(isMutant).length >= LEAST_MUTANTS * cases.length);
    assert.ok(statSync(casesFile(release)).size <= MOST_BYTES);
    assert.equal(new Set(cases.map(c => c.id)).size, cases.length);
  });

  void test(`${release}: the cases are those the generators make now`, () => {
    const key = KERNELS.find(kernel => release.startsWith(`${kernel.key}.`))?.key ?? '';
    const generated = allBoots(makeKit(key, fixturesDir(release), '')).flatMap(boot => boot.cases);
    const wanted = new Map(generated.filter(isOurs).map(c => [c.id, c] as const));
    assert.deepEqual(
      cases
        .filter(isOurs)
        .map(c => c.id)
        .sort(),
      [...wanted.keys()].sort(),
    );
    for (const recorded of cases.filter(isOurs)) {
      const wantedSteps = wanted.get(recorded.id)?.steps ?? [];
      // Removals that the case did not ask for follow its own steps; a crash leaves steps out.
      const own = { id: recorded.id, steps: recorded.steps.slice(0, wantedSteps.length) };
      const same = { id: recorded.id, steps: wantedSteps.slice(0, own.steps.length) };
      if (!recorded.steps.some(step => step.crash)) assert.equal(asked(own), asked(same));
    }
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
