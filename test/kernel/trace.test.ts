// Watched loads: the same answers as the kernels gave, and models that hold what the answers hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TracedLoad } from '../../src/report/view/tracedLoad';
import type { LayoutModel, StepsModel } from '../../src/report/view/types';
import type { LoadResult } from '../../src/index';
import { recordedFacts, targetOf } from './lib/engine';
import { casesFile, recordedReleases } from './lib/paths';
import { readRecording } from './lib/recording';
import { knownDifferences, replayRecording } from './replay';

/** One kernel with core and init memory, one with memory by type. */
const RELEASES = recordedReleases().filter(release => /^(?:6\.1\.|7\.2)/.test(release));

for (const release of RELEASES) {
  void test(`watched loads answer as kernel ${release} did, and their models agree with their results`, async () => {
    const problems: string[] = [];
    let watched = 0;
    const facts = await recordedFacts(release);
    assert.ok(facts);
    const target = targetOf(facts, (system, file, args, options) => {
      const traced = system.trace(file, args, options);
      watched++;
      problems.push(...contradictions(traced).map(problem => `${file.path} ${args ?? ''}: ${problem}`));
      return traced.result;
    });
    const { disagreements } = replayRecording(release, target, readRecording(casesFile(release)));
    const known = knownDifferences(release, facts);
    assert.deepEqual(
      disagreements.filter(({ id }) => !known.has(id)).map(({ id }) => id),
      [],
    );
    assert.ok(watched > 1000, `${watched} loads`);
    assert.deepEqual(problems.slice(0, 20), [], `${problems.length} contradictions in ${watched} loads`);
  });
}

function contradictions(traced: TracedLoad): string[] {
  const { result } = traced;
  const steps = traced.steps();
  return [...ofStages(result, steps), ...ofLayout(result, traced.layout()), ...ofRelocations(traced, steps)];
}

function ofStages(result: LoadResult, { stages: all, log, headers, symbols }: StepsModel): string[] {
  const problems: string[] = [];
  // What follows a refusal is named, and has nothing else to show.
  const over = all.findIndex(({ outcome }) => outcome === 'not-reached');
  const stages = over < 0 ? all : all.slice(0, over);
  const rest = all.slice(stages.length);
  if (rest.some(({ outcome, checks, notes }) => outcome !== 'not-reached' || checks.length + notes.length > 0))
    problems.push('a stage behind the one that refused shows something');
  if (all.at(-1)?.name !== 'do_init_module') problems.push('the stages do not end with do_init_module');
  if (over >= 0 && stages.at(-1)?.outcome !== 'refused')
    problems.push('nothing refused, and yet the rest is not reached');
  const outcomes = (all: readonly { name: string; outcome: string }[]): string =>
    all.map(({ name, outcome }) => `${name} ${outcome}`).join('\n');
  if (outcomes(stages) !== outcomes(result.stages)) problems.push('stages differ');
  for (const { name, purpose, outcome, checks } of stages) {
    if (purpose === '') problems.push(`nobody says what ${name} is for`);
    // A forced load goes on although the check fails: it says so in the log and taints.
    const failed = checks.find(({ ok }) => ok === false);
    if (outcome === 'passed' && failed && !result.taints.includes('F'))
      problems.push(`${name} passed, but ${failed.what}: ${failed.value} against ${failed.against}`);
  }
  const refusing = stages.find(({ outcome }) => outcome === 'refused');
  if (refusing && !refusing.checks.some(({ ok }) => ok === false)) problems.push(`${refusing.name}: no check failed`);
  const last = stages.at(-1);
  if (last && last.taints !== result.taints) problems.push(`taints ${last.taints}, not ${result.taints}`);
  if (last && last.log[1] !== log.length) problems.push('lines of the log after the last stage');
  if (stages.some(({ headerState }) => headerState >= headers.length))
    problems.push('a header state that is not there');
  if (symbols && symbols.names.length !== symbols.after.length) problems.push('symbol columns differ in length');
  return problems;
}

function ofLayout(result: LoadResult, model: LayoutModel): string[] {
  const flat = model.regions.map(({ name, size, protections }) => ({
    name,
    size,
    sections: protections
      .flatMap(({ sections }) => sections)
      .map(section => `${section.name} ${section.offset} ${section.size} ${section.align}`)
      .sort(),
  }));
  const expected = result.layout.regions.map(({ name, size, sections }) => ({
    name,
    size,
    sections: sections.map(section => `${section.name} ${section.offset} ${section.size} ${section.align}`).sort(),
  }));
  const problems: string[] = [];
  if (JSON.stringify(flat) !== JSON.stringify(expected)) problems.push('the layout differs');
  if (model.coresize !== result.layout.coresize || model.initsize !== result.layout.initsize)
    problems.push('sizes differ');
  for (const { name, size, padding, protections } of model.regions) {
    const used = protections.flatMap(({ sections }) => sections).reduce((total, section) => total + section.size, 0);
    if (used + padding !== size && used <= size) problems.push(`${name}: ${used} + ${padding} is not ${size}`);
  }
  return problems;
}

/** What each relocation leaves is there afterwards, in the bytes shown around it. */
function ofRelocations(traced: TracedLoad, { relocations }: StepsModel): string[] {
  const problems: string[] = [];
  const count = relocations.tried;
  if (relocations.after.length !== count || relocations.target.length < count)
    problems.push('relocation columns differ');
  for (const index of new Set([0, count >> 1, count - 1])) {
    const shown = index >= 0 && index < count ? traced.relocation(index) : null;
    if (!shown) continue;
    const field = shown.after.subarray(shown.fieldStart, shown.fieldStart + shown.fieldLength);
    const value = field.reduceRight((total, byte) => (total << 8n) | BigInt(byte), 0n);
    if (value !== relocations.after[index]) problems.push(`relocation ${index} shows ${value.toString(16)}`);
  }
  return problems;
}
