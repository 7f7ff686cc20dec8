// Findings and notes as data: their facts are JSON, cross threads, and become texts of any language where they are shown.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import * as v from 'valibot';
import { samples } from '../../src/explain/forms';
import { describe, reportedOf, textOf, textsOf, told } from '../../src/findings/all';
import { note, noteText, noteTemplates, type Note, type NoteId } from '../../src/findings/notes';
import { wordsOf, type Bundle } from '../../src/findings/words';
import * as schemas from '../../src/protocol/texts';
import { stepFinding } from '../../src/report/view/stepsModel';
import { System } from '../../src/index';
import type { LoadResult } from '../../src/report/types';
import { readSnapshot } from '../../src/host/node/targets';
import { TARGET_FILE } from '../kernel/lib/engine';
import { casesFile, fixturesDir, recordedDir, recordedReleases, repositoryRoot } from '../kernel/lib/paths';
import { applyRecipe, isStock } from '../kernel/lib/recipe';
import { readRecording } from '../kernel/lib/recording';

const LANGUAGES = ['zh-cn', 'zh-tw'].map(name => {
  const file = path.join(repositoryRoot(), 'l10n', `bundle.l10n.${name}.json`);
  return [name, wordsOf(JSON.parse(readFileSync(file, 'utf8')) as Bundle)] as const;
});

/** What stays as it is in every language: numbers, placeholders, options, functions, files. */
const VALUES = /0x[0-9a-f]+|\b[B-HJ-Z]\b|\b100[12]\b|\b[A-Z]+_[A-Z_]+\b|\b\w+\(\)|\/(?:sys|lib)\/\w+/g;

/** What is wrong with a text: it has to be in the other language, with everything in it that is no word. */
function wrong(english: string, said: string): string[] {
  if (said === english) return [`no words for: ${english}`];
  // What is left over from English is no sentence of ours.
  if (/\b(?:the|which|this|does|not|it)\b/i.test(said)) return [`half English: ${said}`];
  const lost = [...english.matchAll(VALUES)].flatMap(([value]) => (said.includes(value) ? [] : value));
  return lost.length === 0 ? [] : [`${lost.join()} is lost: ${said}`];
}

const all = samples().map(({ finding: definition, facts }) => ({
  definition,
  finding: describe({ definition, facts }, 'stage'),
}));

test('the facts of every finding are JSON, and survive threads and pages', () => {
  for (const { finding } of all) {
    assert.deepEqual(JSON.parse(JSON.stringify(finding)), finding, finding.code);
    const shown = stepFinding(finding);
    const arrived = v.parse(schemas.finding, structuredClone(shown));
    assert.deepEqual(arrived, shown);
    assert.deepEqual(textsOf(arrived, wordsOf()), { message: finding.message, explanation: finding.explanation });
  }
});

for (const [language, t] of LANGUAGES)
  test(`every finding in ${language}`, () => {
    const problems = all.flatMap(({ definition, finding }) => {
      const { message, explanation } = textsOf(finding, t);
      const translated = textOf(definition.message, { ...finding.facts }, template => `<${template}>`)?.includes('<');
      assert.ok(translated || message === finding.message, `${finding.code}: what the kernel prints stays`);
      const ours = translated && /[a-z] [a-z]/.test(finding.message) ? wrong(finding.message, message) : [];
      return [...wrong(finding.explanation, explanation), ...ours];
    });
    assert.deepEqual(problems, []);
  });

test('notes are made of their facts, in any language', () => {
  const inner = note('calls', { function: 'printk' });
  const made: Note = note('parameter-unknown', { param: 'P', reason: inner });
  assert.deepEqual(v.parse(schemas.note, JSON.parse(JSON.stringify(made))), made);
  assert.equal(
    noteText(made),
    'parameter P is set by code of the module; its value and verdict are not known (it calls printk())',
  );
  const t = wordsOf({
    [noteTemplates()['parameter-unknown']]: '因为{reason}，{param} 未知',
    [noteTemplates().calls]: '它调用 {function}()',
  });
  assert.equal(noteText(made, t), '因为它调用 printk()，P 未知');
  assert.equal(v.safeParse(schemas.note, { id: 'no-such-note', facts: {} }).success, false);
});

for (const [language, t] of LANGUAGES)
  test(`every note in ${language}`, () => {
    const problems = Object.entries(noteTemplates()).flatMap(([id, template]) => {
      const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, 'X'] as const);
      const made = { id: id as NoteId, facts: Object.fromEntries(names) };
      return /[a-z] [a-z]/.test(template) ? wrong(noteText(made), noteText(made, t)) : [];
    });
    assert.deepEqual(problems, []);
  });

/** What the engine answers to the cases that a kernel answered, as far as their modules are part of this repository. */
function* recordedResults(release: string): Generator<LoadResult> {
  const facts = readSnapshot(path.join(recordedDir(release), TARGET_FILE));
  for (const { cmdline, cases } of readRecording(casesFile(release))) {
    const system = new System(facts, { cmdline });
    for (const step of cases.flatMap(({ steps }) => steps)) {
      if (step.op === 'rmmod') system.rmmod(step.name, { flags: step.flags });
      else if (!isStock(step.module)) {
        const { module, args = '', flags = 0, syscall = 'finit_module' } = step;
        const bytes = applyRecipe(readFileSync(path.join(fixturesDir(release), `${module.fixture}.ko`)), module);
        yield system.insmod({ path: `${module.fixture}.ko`, bytes }, args, { flags, syscall });
      }
    }
  }
}

/** Refusals that say what is wrong with the line before. */
const CONSEQUENCE = 'unknown-symbol';

for (const release of recordedReleases())
  test(`facts of the cases of ${release} tell all of their texts, and definitions the errnos they refuse with`, () => {
    const errnos = new Set<string>();
    for (const { findings, stages, errno, verdict } of recordedResults(release)) {
      for (const finding of findings) {
        const { message, explanation } = textsOf(JSON.parse(JSON.stringify(finding)) as typeof finding, wordsOf());
        assert.deepEqual([message, explanation], [finding.message, finding.explanation]);
      }
      for (const { notes, reasons } of stages)
        assert.deepEqual(
          reasons.map(reason => noteText(reason)),
          notes,
        );
      const last = findings.findLast(({ severity }) => severity === 'error');
      const reported = verdict === 'refused' && last ? reportedOf(last) : undefined;
      if (!last || !reported || last.code === CONSEQUENCE) continue;
      const known = told(reported.definition.errnos, reported.facts);
      if (known[errno] === undefined && known.any === undefined) errnos.add(`${last.code}: ${errno}`);
    }
    assert.deepEqual([...errnos], []);
  });
